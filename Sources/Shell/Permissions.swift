import Interchange
import Store
import Syntax

/// What may be reached from within the shell: `--safe` keeps to one folder and runs no programs.
package struct Permissions: Sendable {
  /// The folder whose files alone may be read and written; nil is anywhere.
  package var confinement: Confinement?
  /// Whether programs may be run: an editor, a pager.
  var mayRunPrograms = true

  /// Refuses the path of a file that may not be read or written.
  func check(_ path: String) throws(Failure) {
    do throws(StoreError) {
      try confinement?.check(path)
    } catch {
      throw Failure(error)
    }
  }

  /// Whether a path leads to where files may be read and written.
  func allows(_ path: String) -> Bool { confinement?.allows(path) ?? true }
}

extension Shell {
  /// Whether an editor or a pager may be run.
  var mayRunPrograms: Bool { runner.mayRunPrograms }
}
