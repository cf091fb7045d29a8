import Interchange

// Options of scripts that run by themselves, and of classrooms.

extension Option {
  static let programOptions = [
    Option(
      "--dry-run", summary: "check, run nothing",
      detail: "bind and plan every statement, answer and write nothing",
      apply: { arguments, _ throws(Refusal) in arguments.isDryRun = true }),
    Option(
      "--safe", summary: "no files outside this folder, no programs; 1 GiB, 30 s",
      detail: "for classes: no files outside this folder, no programs, 1 GiB, 30 s a statement",
      apply: { arguments, _ throws(Refusal) in arguments.isSafe = true }),
    Option(
      "--time-limit", value: .needed("S"), summary: "seconds a statement",
      detail: "most seconds that a statement may take",
      apply: { arguments, value throws(Refusal) in
        guard let seconds = Double(value), seconds > 0, seconds <= 1e6 else {
          throw Refusal(expected: "seconds such as 30 or 0.5")
        }
        arguments.timeLimitSeconds = seconds
      }),
    Option(
      "--no-rc", summary: "without the rc file",
      detail: "do not read the rc file at the prompt",
      apply: { arguments, _ throws(Refusal) in arguments.readsRC = false }),
    Option(
      "--rc", value: .needed("FILE"), summary: "another rc file",
      detail: "read this rc file at the prompt",
      apply: { arguments, value throws(Refusal) in
        if value.isEmpty { throw Refusal(expected: "the name of a file") }
        arguments.rcPath = value
      }),
  ]
}

extension Arguments {
  /// The most seconds that a statement may take; nil is no limit.
  var secondsMax: Double? { timeLimitSeconds ?? (isSafe ? Self.safeSecondsMax : nil) }

  /// What may be reached. The files that the command line names are its own choice.
  package var permissions: Permissions {
    guard isSafe else { return Permissions() }
    return Permissions(
      confinement: Confinement(to: ".", except: databasePath.map { [$0] } ?? []),
      mayRunPrograms: false)
  }

  /// The most bytes of data, unless another limit is given, and the most seconds of a statement with
  /// `--safe`.
  static let safeByteCountMax = 1 << 30
  private static let safeSecondsMax = 30.0
}
