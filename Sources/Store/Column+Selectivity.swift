extension Column {
  /// Rows of the sample on which a text outside a dictionary is tried.
  private static let textSampleCount = 1_024

  /// The share of rows estimated to pass `test`, 0…1, from counts, distinct counts and a 64-bucket
  /// histogram of a sample of 10,000 rows. Exact for choices, flags, dictionary texts, `.known` and
  /// `.unknown`, dead rows counted in.
  package func selectivity(of test: ColumnTest) -> Double {
    guard rowCount > 0 else { return 0 }
    let knownShare = Double(rowCount - unknownCount) / Double(rowCount)
    switch prepare(test).form {
    case .nothing: return 0
    case .everything: return knownShare
    case .unknown: return 1 - knownShare
    case .words(let lower, let upper):
      if case .bytes = storage { return codeShare { Int64($0) >= lower && Int64($0) <= upper } }
      return knownShare * wordShare(lower, upper)
    case .table(let lower, let passes):
      if case .bytes = storage {
        return codeShare {
          let place = Int64($0) - lower
          return place >= 0 && place < passes.count && passes[Int(place)] != 0
        }
      }
      return knownShare * memberShare(passes.count { $0 != 0 })
    case .hash:
      guard case .wordSet(let words) = test else { return 0 }
      return knownShare * memberShare(words.count)
    case .reals(let lower, let upper):
      return knownShare * freshHistogram().share(from: lower, to: upper)
    case .realSet(let members): return knownShare * memberShare(members.count)
    case .code(let code): return dictionaryShare { $0 == code }
    case .codes(let passes): return dictionaryShare { passes[$0] != 0 }
    case .text(let search): return knownShare * textShare(search, test)
    }
  }

  /// Rows that pass a range of choice codes or flags, exactly; nil for other columns and tests.
  package func exactCount(of test: ColumnTest) -> Int? {
    guard case .bytes = storage, case .words(let range) = test else { return nil }
    let counts = statistics.codeCounts
    return counts.indices.reduce(0) { $0 + (range.contains(Int64($1)) ? counts[$1] : 0) }
  }

  /// The histogram, made anew when a tenth of the rows has come, gone or been edited since.
  func freshHistogram() -> ColumnHistogram {
    if let histogram,
      (abs(rowCount - histogram.rowCount) + editedCount) * 10 <= histogram.rowCount
    {
      return histogram
    }
    editedCount = 0
    let made = ColumnHistogram(
      sample: sample(), knownCount: rowCount - unknownCount, rowCount: rowCount)
    histogram = made
    return made
  }

  private func codeShare(_ passes: (Int) -> Bool) -> Double {
    let counts = statistics.codeCounts
    let passing = counts.indices.reduce(0) { $0 + (passes($1) ? counts[$1] : 0) }
    return Double(passing) / Double(rowCount)
  }

  private func wordShare(_ lower: Int64, _ upper: Int64) -> Double {
    if lower == upper && statistics.order.isStrictlyAscending { return 1 / Double(rowCount) }
    return freshHistogram().share(from: Double(lower), to: Double(upper))
  }

  private func memberShare(_ count: Int) -> Double {
    min(1, Double(count) / Double(max(1, distinctCount)))
  }

  private func dictionaryShare(_ passes: (Int) -> Bool) -> Double {
    switch storage {
    case .codes8(_, let dictionary), .codes16(_, let dictionary):
      let passing = dictionary.rowCounts.indices.reduce(0) {
        $0 + (passes($1) ? dictionary.rowCounts[$1] : 0)
      }
      return Double(passing) / Double(rowCount)
    default: return 0
    }
  }

  private func textShare(_ search: HeapSearch, _ test: ColumnTest) -> Double {
    if case .text(let text) = test {
      switch text.kind {
      case .equals, .equalsExactly: return memberShare(1)
      case .isOneOf(let texts): return memberShare(texts.count)
      default: break
      }
    }
    guard case .heap(let heap) = storage else { return 0 }
    var knownCount = 0
    var passing = 0
    for row in sampleRows(Self.textSampleCount) where isKnown(row) {
      knownCount += 1
      if search.passes(heap.current(row)) { passing += 1 }
    }
    return (Double(passing) + 0.5) / Double(knownCount + 1)
  }

  /// The known values of sampled rows as numbers; of a text its hash.
  private func sample() -> [Double] {
    sampleRows(ColumnHistogram.sampleCountMax).compactMap { row in
      guard isKnown(row) else { return nil }
      return switch storage {
      case .none: nil
      case .bytes(let memory): Double(memory.elements[row])
      case .int8(let memory): Double(memory.elements[row])
      case .int16(let memory): Double(memory.elements[row])
      case .int32(let memory): Double(memory.elements[row])
      case .int64(let memory): Double(memory.elements[row])
      case .reals(let memory): memory.elements[row]
      case .codes8, .codes16, .heap: text(row).map { Double(hashBytes($0) >> 12) }
      }
    }
  }

  /// All rows, or `count` of them: one at a chance place of each of `count` equal stretches, the same
  /// ones for the same number of rows.
  private func sampleRows(_ count: Int) -> [Int] {
    guard rowCount > count else { return Array(0..<rowCount) }
    return (0..<count).map { index in
      let start = index * rowCount / count
      let end = (index + 1) * rowCount / count
      return start + Int(hashWord(Int64(index)) % UInt64(end - start))
    }
  }
}
