"""The whole of Saite, as it is run. A package, so that the demo that its tests share ends with the last of them."""
