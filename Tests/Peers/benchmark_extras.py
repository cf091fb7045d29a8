def measure(options, figures): return {}
