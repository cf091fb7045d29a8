// What is put in order between statements, when nothing may be taken back any more.

extension Column {
  /// Texts of a dictionary that no row has, above which it is made anew.
  private static let unusedTextCountMax = 256

  /// Puts the column in its best form: patches go into the heap, texts that no row has out of the
  /// dictionary, a bitmap that says nothing away. Leaves room for some more rows and gives the rest
  /// back. What there is no memory for stays as it is.
  func settle() {
    if unknownCount == rowCount {
      storage = .none
      validity = nil
    } else if unknownCount == 0 {
      validity = nil
    }
    if let dictionary = storage.dictionary,
      dictionary.count - dictionary.usedCount > max(Self.unusedTextCountMax, dictionary.usedCount),
      let made = try? usedTexts(of: dictionary)
    {
      useCodes(of: made.dictionary, made.codes)
    }
    if case .heap(let heap) = storage, !heap.patches.isEmpty,
      let made = try? heap.folded(budget: budget)
    {
      storage = .heap(made)
    }
    refreshOrder()
    isEdited = false
    expect(rowCount: 0)
    try? makeRoom()
    trim()
    noteChange()
  }

  /// Makes room for rows to come where there is none: between statements it costs nobody time.
  private func makeRoom() throws(StoreError) {
    guard rowCount >= Limits.chunkRowCount else { return }
    let wanted = rowCount + Self.roomRowCount(for: rowCount) / 4
    try validity?.reserve(wanted / 8 + 1)
    switch storage {
    case .none: break
    case .bytes(let memory): try memory.reserve(wanted)
    case .int8(let memory): try memory.reserve(wanted)
    case .int16(let memory): try memory.reserve(wanted)
    case .int32(let memory): try memory.reserve(wanted)
    case .int64(let memory): try memory.reserve(wanted)
    case .reals(let memory): try memory.reserve(wanted)
    case .codes8(let memory, _): try memory.reserve(wanted)
    case .codes16(let memory, _): try memory.reserve(wanted)
    case .heap(let heap):
      try heap.reserve(
        count: wanted - rowCount, byteCount: heap.bytes.count / rowCount * (wanted - rowCount))
    }
  }

  /// Gives back what is more than that.
  private func trim() {
    let room = Self.roomRowCount(for: rowCount)
    validity?.trim(leavingRoomFor: room / 8)
    switch storage {
    case .none: break
    case .bytes(let memory): memory.trim(leavingRoomFor: room)
    case .int8(let memory): memory.trim(leavingRoomFor: room)
    case .int16(let memory): memory.trim(leavingRoomFor: room)
    case .int32(let memory): memory.trim(leavingRoomFor: room)
    case .int64(let memory): memory.trim(leavingRoomFor: room)
    case .reals(let memory): memory.trim(leavingRoomFor: room)
    case .codes8(let memory, _): memory.trim(leavingRoomFor: room)
    case .codes16(let memory, _): memory.trim(leavingRoomFor: room)
    case .heap(let heap): heap.trim(leavingRoomFor: room)
    }
  }

  /// A dictionary of the texts that some row has, and the code there of each code here.
  private func usedTexts(
    of dictionary: TextDictionary
  ) throws(StoreError) -> (dictionary: TextDictionary, codes: [UInt16]) {
    let made = TextDictionary(budget: budget)
    var block = TextBlock()
    var used: [Int] = []
    for code in 0..<dictionary.count where dictionary.rowCounts[code] > 0 {
      block.append(Array(dictionary.heap.text(code))[...])
      used.append(code)
    }
    var codes = [UInt16](repeating: 0, count: used.count)
    let known = [UInt8](repeating: 0x80, count: used.count)
    _ = try made.encode(block, known, into: &codes) { _, _ in false }
    var codeOf = [UInt16](repeating: 0, count: dictionary.count)
    for (index, code) in used.enumerated() { codeOf[code] = codes[index] }
    return (made, codeOf)
  }

  /// Writes other codes for those there are; the dictionary is theirs.
  private func useCodes(of dictionary: TextDictionary, _ codeOf: [UInt16]) {
    switch storage {
    case .codes8(let memory, _):
      for row in 0..<rowCount {
        memory.elements[row] = UInt8(truncatingIfNeeded: codeOf[Int(memory.elements[row])])
      }
      storage = .codes8(memory, dictionary)
    case .codes16(let memory, _):
      for row in 0..<rowCount { memory.elements[row] = codeOf[Int(memory.elements[row])] }
      storage = .codes16(memory, dictionary)
    default: preconditionFailure("codes of a column without a dictionary")
    }
    count(.run(base: 0, count: rowCount), by: 1)
  }

  /// Looks whether words that were edited ascend, as they did before or for the first time.
  private func refreshOrder() {
    guard isEdited, unknownCount == 0 else { return }
    switch storage {
    case .int8(let memory): statistics.order = order(of: memory)
    case .int16(let memory): statistics.order = order(of: memory)
    case .int32(let memory): statistics.order = order(of: memory)
    case .int64(let memory): statistics.order = order(of: memory)
    default: break
    }
  }

  private func order<Element: FixedWidthInteger & BitwiseCopyable>(
    of memory: Memory<Element>
  ) -> WordOrder {
    let words = memory.used
    var (descents, ties) = (0, 0)
    for row in 1..<max(1, words.count) {
      descents &+= words[row] < words[row - 1] ? 1 : 0
      ties &+= words[row] == words[row - 1] ? 1 : 0
    }
    guard descents == 0, let last = words.last else { return .none }
    return WordOrder(
      isAscending: true, isStrictlyAscending: ties == 0, lastWord: Int64(last))
  }
}
