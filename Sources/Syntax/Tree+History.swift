// Conditions about what was, and about who is in a segment.

/// `stage changed [from A] [to B] [window]`
package struct ChangedTest: Sendable {
  /// The field with a history.
  package var subject: Expression
  /// What it changed from.
  package var from: Expression?
  /// What it changed to.
  package var to: Expression?
  /// When; at any time when absent.
  package var window: Window?
  /// From the subject's first token.
  package var range: SourceRange

  /// Makes a test.
  package init(
    subject: Expression, from: Expression?, to: Expression?, window: Window?, range: SourceRange
  ) {
    self.subject = subject
    self.from = from
    self.to = to
    self.window = window
    self.range = range
  }
}

/// `[x] in segment vip`, `[x] was in segment vip on D`, `[x] entered segment vip in last month`,
/// `[x] left segment vip in last month`
package struct SegmentTest: Sendable {
  /// The forms.
  package enum Kind: Sendable {
    /// `in segment vip`
    case member
    /// `was in segment vip on D`
    case was(on: Expression)
    /// `entered segment vip in PERIOD`
    case entered(Window)
    /// `left segment vip in PERIOD`
    case left(Window)
  }

  /// Whose membership is tested, a reference; the row itself when absent.
  package var subject: Expression?
  /// Which form.
  package var kind: Kind
  /// The segment.
  package var segment: Name
  /// From the subject, or else from the first word.
  package var range: SourceRange

  /// Makes a test.
  package init(subject: Expression?, kind: Kind, segment: Name, range: SourceRange) {
    self.subject = subject
    self.kind = kind
    self.segment = segment
    self.range = range
  }
}

extension ChangedTest {
  /// The levels below the test.
  var depthBelow: Int {
    max(subject.depth, from?.depth ?? 0, to?.depth ?? 0, window?.depth ?? 0)
  }
}

extension SegmentTest {
  /// The levels below the test.
  var depthBelow: Int {
    let below: Int =
      switch kind {
      case .member: 0
      case .was(let day): day.depth
      case .entered(let window), .left(let window): window.depth
      }
    return max(subject?.depth ?? 0, below)
  }
}
