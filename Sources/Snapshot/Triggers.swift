/// What tells us of rows that other programs write: our own connections fire no triggers.
///
/// Each row written voids the sum of its chunk, raises its table's generation and puts its key into
/// the delta. Every conflict is answered by `ON CONFLICT`, as the policy of the other program's own
/// statement (`INSERT OR IGNORE`) would rule over one given here.
enum Triggers {
  /// The statements that make the triggers of a table.
  static func create(_ table: TableLayout) -> [String] {
    [
      trigger(table, "insert", "INSERT", rows: ["new"]),
      trigger(table, "update", "UPDATE", rows: ["old", "new"]),
      trigger(table, "delete", "DELETE", rows: ["old"]),
    ]
  }

  private static func trigger(
    _ table: TableLayout, _ kind: String, _ event: String, rows: [String]
  ) -> String {
    let text = SQLText.literal(table.name)
    let key = SQLText.name(table.keyField.column)
    var lines = [
      """
      UPDATE "_rapport_tables" SET generation = generation + 1 WHERE name = \(text);
      """
    ]
    for row in rows {
      let chunk = table.isTextKeyed ? "0" : "\(row).\(key) >> 16"
      lines.append(
        """
        INSERT INTO "_rapport_sums" VALUES(\(text), \(chunk), NULL, NULL)
            ON CONFLICT DO UPDATE SET rows = NULL, sum = NULL;
        """)
      lines.append(
        """
        INSERT INTO "_rapport_delta"
            SELECT \(text), \(row).\(key), generation FROM "_rapport_tables" WHERE name = \(text)
            ON CONFLICT DO UPDATE SET generation = excluded.generation;
        """)
    }
    return """
      CREATE TRIGGER \(SQLText.name("_rapport_\(kind)_\(table.name)")) AFTER \(event) ON \
      \(SQLText.name(table.name)) BEGIN
        \(lines.joined(separator: "\n  "))
      END
      """
  }
}
