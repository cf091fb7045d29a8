import Engine

/// Lays out what `.changes` lists: each statement and what it did, the newest last.
enum ChangeListPrinter {
  /// The lines.
  static func text(
    of history: (kept: [ChangeList.Entry], open: [ChangeList.Entry]?, forgottenCount: Int),
    seen: (String) -> String = { $0 }
  ) -> String {
    var lines: [String] = []
    if history.forgottenCount > 0 {
      lines.append("\(counted(history.forgottenCount)) before these can no longer be taken back")
    }
    let width = String(history.kept.last?.number ?? 0).count
    for entry in history.kept {
      lines += describe(entry, seen(entry.text), mark: "\(entry.number)", width: width)
    }
    if let open = history.open {
      lines.append("in the open transaction:")
      for entry in open { lines += describe(entry, seen(entry.text), mark: "*", width: width) }
    }
    lines.append(undoWords(history.kept, history.open))
    return lines.joined(separator: "\n")
  }

  private static func describe(
    _ entry: ChangeList.Entry, _ text: String, mark: String, width: Int
  ) -> [String] {
    let margin = String(repeating: " ", count: width + 2)
    let statement = VisibleText.linesOf(text).split(separator: "\n").map(String.init)
    var lines = [DisplayWidth.pad(mark, to: width, isRight: true) + "  " + (statement.first ?? "")]
    lines += statement.dropFirst().map { margin + $0 }
    lines += entry.effects.map { margin + words(for: $0) }
    return lines
  }

  /// `customers: 1 added, 3 changed`
  static func words(for effect: ChangeEffect) -> String {
    var parts: [String] = []
    if effect.isNew { parts.append("new") }
    if effect.isGone { parts.append("gone") }
    if effect.isRedefined { parts.append(effect.isDefinition ? "redefined" : "other fields") }
    for (count, word) in [
      (effect.addedCount, "added"), (effect.changedCount, "changed"),
      (effect.removedCount, "removed"),
    ] where count > 0 {
      parts.append("\(ValueText.grouped(count)) \(word)")
    }
    return "\(VisibleText.of(effect.entity)): \(parts.joined(separator: ", "))"
  }

  private static func undoWords(_ kept: [ChangeList.Entry], _ open: [ChangeList.Entry]?) -> String {
    if let open {
      return open.isEmpty
        ? "nothing in the transaction to take back; those before it wait for its end"
        : "undo takes back the last of the transaction; those before it wait for its end"
    }
    guard let last = kept.last else { return "nothing to take back" }
    return kept.count == 1
      ? "undo takes back \(last.number)"
      : "undo takes back \(last.number), then the one before it, down to \(kept[0].number)"
  }

  private static func counted(_ count: Int) -> String {
    "\(ValueText.grouped(count)) \(count == 1 ? "statement" : "statements")"
  }
}
