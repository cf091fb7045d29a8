import Glibc

do {
  let options = try BenchmarkOptions(CommandLine.arguments.dropFirst())
  try Benchmark(options).run()
} catch let problem as BenchmarkProblem {
  let text = "rapport-bench: \(problem.message)\n"
  _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(2)
}
