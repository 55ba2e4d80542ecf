"""As much of H.264 (ITU-T H.264) as it takes to say "once more": parameters and slice heads."""
