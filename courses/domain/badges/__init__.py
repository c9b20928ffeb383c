"""Certificates as Open Badges 3.0 (1EdTech, 2024): verifiable credentials that other systems can check."""
