import Store
import Syntax

/// The rows of a cursor with stand-ins in place of what their texts say of persons.
final class DisguisedCursor: Cursor {
  private let inner: any Cursor
  private let columns: [OutputColumn]
  private let standIns: StandIns
  private let disguiseQuotations: ((String) -> String)?
  private let disguiseNotes: ([Note]) -> [Note]
  /// Stand-ins that have been given, for what is drawn of the same rows.
  private var given: [String: String] = [:]

  /// The most stand-ins that are remembered for a drawing.
  private static let givenCountMax = 10_000

  /// Disguises the rows of `inner`, which has these columns.
  ///
  /// - Parameter disguiseQuotations: What is left of other texts, which may quote; nil is all.
  init(
    _ inner: any Cursor, _ columns: [OutputColumn], _ standIns: StandIns,
    disguiseQuotations: ((String) -> String)? = nil, disguiseNotes: @escaping ([Note]) -> [Note]
  ) {
    self.inner = inner
    self.columns = columns
    self.standIns = standIns
    self.disguiseQuotations = disguiseQuotations
    self.disguiseNotes = disguiseNotes
  }

  func next() throws(Failure) -> OutputBatch? { try inner.next().map(disguised) }

  func nextDeferred() throws(Failure) -> DeferredBatch? {
    guard let batch = try inner.nextDeferred() else { return nil }
    return DeferredBatch(count: batch.count) { () throws(Failure) in
      self.disguised(try batch.load())
    }
  }

  var notes: [Note] { disguiseNotes(inner.notes) }

  var drawing: Drawing? {
    switch inner.drawing {
    case .bars(var bars)?:
      disguise(&bars)
      return .bars(bars)
    case .pyramid(var bars)?:
      disguise(&bars)
      return .pyramid(bars)
    case .heatMap(var map)?:
      map.rowLabels = map.rowLabels.map { given[$0] ?? $0 }
      map.columnLabels = map.columnLabels.map { given[$0] ?? $0 }
      return .heatMap(map)
    case let drawing: return drawing
    }
  }

  private func disguise(_ bars: inout Drawing.Bars) {
    for place in bars.bars.indices {
      bars.bars[place].label = given[bars.bars[place].label] ?? bars.bars[place].label
    }
  }

  private func disguised(_ batch: OutputBatch) -> OutputBatch {
    var batch = batch
    for (place, column) in columns.enumerated() {
      if let label = batch.labels[place], let kind = column.personal {
        batch.labels[place] = disguised(label, kind)
      }
      // What looks like an address of mail is one, wherever it stands.
      let isReference = if case .reference = column.type { true } else { false }
      batch.vectors[place] = disguised(batch.vectors[place], isReference ? nil : column.personal)
    }
    return batch
  }

  private func disguised(_ vector: Vector, _ kind: PersonalText?) -> Vector {
    guard case .texts(let block) = vector.values,
      kind != nil || disguiseQuotations != nil || block.bytes.contains(UInt8(ascii: "@"))
    else { return vector }
    var texts = TextBlock()
    for offset in 0..<block.count {
      let text = block[offset]
      let isMail = text.utf8.contains(UInt8(ascii: "@"))
      guard vector.known[offset] != 0, let kind = isMail ? .mail : kind else {
        texts.append(disguiseQuotations?(text) ?? text)
        continue
      }
      let standIn = standIns.text(for: text, kind)
      if given.count < Self.givenCountMax { given[text] = standIn }
      texts.append(standIn)
    }
    return Vector(texts: texts, known: vector.known)
  }
}
