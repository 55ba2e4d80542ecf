"""The same finished layers made into the same film in three ways.

The measure is from a folder of pictures, a list of when they come and go and a WAV file, to an MP4
with sound: what this project, ffmpeg's command line and MoviePy can all do.
"""
