/// The text of `--help`.
enum Usage {
  static var text: String { head + Needle.help + layoutsHead + layouts + tail }

  private static let head = """
    usage: pvm-target [options]

    A small game that exists to be read, changed and tormented. It says once a second how it
    stands; values changed in its memory show in the next line:

      tick 3  health 97  gold 250  ammo 12  pos 1.0 2.0 3.0

    A tick takes one health by the damage routine, adds 10 to the score and moves the entities.
    Without health, the next tick starts again with 100.

    options:
      --addresses        print first where everything lies: lines `key=0x1234`, then `ready`
      --rate HZ          ticks a second (default 1); 0: only the command `tick` ticks
      --seconds N        end after N seconds
      --quiet            print no state but in answer to a command
      --until-eof        end when standard input closes
      --die-with-parent  be killed when the thread that started this program ends
      --exit-code N      the exit code of a normal end (default 0)
      --scratch DIR      where layouts make files (default: a folder of its own, removed at the end)
      --layout NAME[=N]  add a layout of the list below; may be given several times
      --huge-pages       ask for huge pages for layouts of contents (default: for small ones)
      --help, --version

    commands, a line each on standard input, each answered by a line:
      state | tick [N] | hurt N | gold N | ammo N | move X Y Z     answered by the state line
      pause | run | rate HZ                                        ticking by time
      score | names | items | entity I | thread I                  what memory says of these
      add V N                                                      adds V to the middle one of every
                                                                   N i32 of the layouts of contents:
                                                                   "added to COUNT"
      checksum ADDRESS N                                           FNV-1a of N bytes or "unreadable"
      patch ADDRESS HEX                                            changes bytes, also of its code:
                                                                   "patched N"
      addresses                                                    the block of --addresses
      exec | exit N | raise N | quit

    memory (the keys of --addresses in brackets):
      [root] is a static of the program: [[[root]+0x10]+0x8]+0x0 is the health.
      player: +0x00 health i32 [health], +0x04 gold i32 [gold], +0x08 ammo i32 [ammo],
        +0x0c u32 [deaths], +0x10 f32[3] [pos], +0x1c f32 [speed], +0x20 UTF-8 char[32]
        [name_utf8], +0x40 UTF-16LE u16[32] [name_utf16], +0x80 pointer to the first item
        [inventory], +0x88 u32 [key], +0x8c u32 [score_encrypted] = score ^ key,
        +0x90 i64 [experience], +0x98 f64 [playtime], +0xa0 i16 [mana], +0xa2 u8 [level],
        +0xa3 bool [alive], +0xa4 big-endian u32 [luck_be]
      item: +0x00 next pointer, +0x08 count i32, +0x10 name char[16]
      [world]: +0x00 "PVMWORLD", +0x08 u64 [ticks], +0x10 session pointer, +0x18 entities
        pointer, +0x20 entity count u32; [session]: +0x00 id u64, +0x08 player pointer
      [entities]: [entity_count] structs, [entity_stride] bytes apart: +0x00 id u32, +0x04 hp i32,
        +0x08 position f32[3], +0x14 kind u8, +0x15 alive bool, +0x16 level u16, +0x18 target
        pointer, +0x20 name char[16], +0x30 armour f64, +0x38 bounty i64
      [scratch]: [scratch_bytes] of memory that the game leaves alone, filled with the pattern
      [take_damage]: the damage routine; [take_damage_sub]: its `sub eax, esi` (29 f0)
      The pattern: byte i is (i * 31 + i / 256) mod 256.

    """

  private static let layoutsHead = """

    layouts (each prints its keys before `ready`; KEY_bytes gives the size of KEY):

    """

  private static var layouts: String {
    Layout.all.map { layout in
      let name = layout.name + (layout.number.map { "[=\($0)]" } ?? "")
      let indent = String(repeating: " ", count: max(1, 26 - name.count))
      return "  \(name)\(indent)\(layout.summary)\n"
    }.joined()
  }

  private static let tail = """

    exit codes: as asked for, 2 for a wrong command line or a layout that the kernel refuses

    """
}
