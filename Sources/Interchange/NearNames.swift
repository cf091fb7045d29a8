import Glibc

/// Names close to a mistyped one.
enum NearNames {
  private static let countMax = 3
  private static let lengthMax = 64

  /// The files of `path`'s folder whose names are close to its last part, nearest first.
  static func files(near path: String) -> [String] {
    let bytes = Array(path.utf8)
    let slash = bytes.lastIndex(of: 0x2F)
    let folder = slash.map { String(decoding: bytes[...$0], as: UTF8.self) } ?? ""
    let name = String(decoding: bytes[(slash.map { $0 + 1 } ?? 0)...], as: UTF8.self)
    return closest(to: name, among: entries(of: folder) ?? []).map { folder + $0 }
  }

  /// The names of what lies in a folder, `.` and `..` left out; nil when it cannot be read.
  static func entries(of folder: String) -> [String]? {
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let length = strnlen(&entry.pointee.d_name.0, 256)
      let found = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix(length), as: UTF8.self)
      }
      if found != "." && found != ".." { names.append(found) }
    }
    return names
  }

  /// The names within distance max(1, length / 3), nearest first, at most three.
  static func closest(to name: String, among names: [String]) -> [String] {
    let wanted = lowercased(name)
    guard wanted.count <= lengthMax else { return [] }
    let distanceMax = max(1, wanted.count / 3)
    let near = names.compactMap { candidate -> (distance: Int, name: String)? in
      let other = lowercased(candidate)
      guard abs(other.count - wanted.count) <= distanceMax else { return nil }
      let distance = distance(wanted, other)
      return distance <= distanceMax ? (distance, candidate) : nil
    }
    return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(countMax)
      .map(\.name)
  }

  private static func lowercased(_ name: String) -> [UInt8] {
    name.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
  }

  /// Edits from one to the other; two neighbours that changed places are one edit.
  /// - Source: Damerau 1964, restricted form.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
