"""A cloud for one machine: Firestore, Pub/Sub, Storage and Eventarc, as far as we call them."""
