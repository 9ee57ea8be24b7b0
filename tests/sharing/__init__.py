"""Copies of each template in every form, opened by every reader that can be had here, and judged by the kernel."""
