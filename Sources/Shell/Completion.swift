import Engine
import Store
import Syntax

/// What Tab offers.
final class Completion {
  private let session: Session

  init(session: Session) { self.session = session }

  /// What can stand at byte `cursor` of `text`.
  func completions(of text: String, at cursor: Int, refines: Bool) -> Completions {
    Completions(start: cursor, candidates: [])
  }
}
