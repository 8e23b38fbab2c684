"""投诉与建议: the form that every page leads to, and answering what came."""
