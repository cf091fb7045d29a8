import Glibc
import Store
import Syntax

// A dry run: what would be written is found possible or not, and nothing is.

extension Session {
  /// Whether an answer could be written to a file. What is written beside it is taken away at once.
  func rehearse(_ into: IntoClause) throws(Failure) -> Answer {
    guard let format = FileFormat(path: into.path) else {
      throw Failure(EngineReason.unknownFormat(path: into.path), at: into.pathRange)
    }
    try refuseOwnFile(into.path, in: nil, at: into.pathRange)
    // To open a pipe would wait for somebody who reads it.
    if Self.isStream(into.path) { return Answer(sections: []) }
    do throws(StoreError) {
      _ = try files.openWriter(into.path, format, into.mode == .replace, into.mode == .append)
    } catch {
      throw Failure(error, at: into.pathRange)
    }
    return Answer(sections: [])
  }

  /// Whether a folder could be written.
  func rehearse(exportTo target: FileTarget) throws(Failure) -> Answer {
    do throws(StoreError) {
      _ = try files.createCollection(target.path, target.isReplacing)
    } catch {
      throw Failure(error, at: target.range)
    }
    return Answer(sections: [])
  }

  /// Whether the store could be kept in a file; nil is its own.
  func rehearse(saveTo target: FileTarget?, at range: SourceRange?) throws(Failure) -> Answer {
    guard let path = target?.path ?? file?.path ?? pendingPath else {
      throw Failure(EngineReason.saveNeedsName, at: range)
    }
    do throws(StoreError) {
      try stores?.permit(path)
    } catch {
      throw Failure(error, at: target?.range ?? range)
    }
    return Answer(sections: [])
  }

  /// Whether what is expected can be asked.
  func rehearse(
    _ comparison: Expression, because: Expression
  ) throws(Failure) -> Answer {
    for expression in [comparison, because] {
      let statement = Statement(.calc([NamedExpression(expression)]), range: expression.range)
      let query = BoundQuery(
        try binder(for: try asked(statement)).bindCalc([NamedExpression(expression)]))
      try load(reading: query)
      _ = try plan(query)
    }
    return Answer(sections: [])
  }

  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }
}
