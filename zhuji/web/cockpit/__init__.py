"""驾驶舱: the plan on one screen, of any size, from the last kept judgement."""
