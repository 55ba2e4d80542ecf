"""What keeps a lesson fit for minors: screens over what is asked, read and said."""
