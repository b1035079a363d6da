"""The demo: eight weeks of pages from invented outlets, and the truth about them that tests compare with."""

from arna.space.demo.build import DemoFiles, build_demo

__all__ = ["DemoFiles", "build_demo"]
