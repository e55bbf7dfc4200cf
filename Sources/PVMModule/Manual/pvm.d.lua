---@meta pvm

---What a failed operation raises, and what a `try_` twin returns after nil.
---@class pvm.error
---@field code string what went wrong, as a word to compare with
---@field message string one line, without the position
---@field hint? string what to type next
---@field where string position in the script
---@field text string message and hint
---@field [string] any

---@class pvm.attach.options
---@field read_only? boolean refuse all writes (default false)
---@field dry_run? boolean only pretend to write; reads show what would be there (default false)

---@class pvm.wait.options
---@field read_only? boolean refuse all writes (default false)
---@field dry_run? boolean only pretend to write; reads show what would be there (default false)

---@class pvm.spawn.options
---@field env? table<string, string> {NAME=value}; the whole environment. Ours when left out (may be left out)
---@field cwd? string the folder to start in (may be left out)
---@field stdin? "inherit"|"null"|"pipe" where its input comes from (default inherit)
---@field stdout? "inherit"|"null"|"pipe" where its output goes (default inherit)
---@field stderr? "inherit"|"null"|"pipe" where its errors go (default inherit)
---@field terminal? boolean|table true or {columns=80, rows=24}: run it in a terminal of its own, true or {columns=80, rows=24}: `send` types there, `receive` gives what is shown (default false)
---@field die_with_us? boolean kill it when we end (default false)
---@field read_only? boolean refuse all writes (default false)
---@field dry_run? boolean only pretend to write; reads show what would be there (default false)

---@class pvm.open.options
---@field files? boolean read what the core leaves out of programs and libraries from the same builds on disk (default true)

---@class pvm.cdef.options
---@field bits? integer integer, 32 to 64: 32 or 64; without it for both (may be left out)

---@class pvm.process.pause.options
---@field timeout? number seconds: when it goes on by itself (default 5)

---@class pvm.process.patch.options
---@field name? string what it is called in lists and messages (may be left out)
---@field code? boolean the place may be one that the process itself cannot write: code, constants (default false)
---@field stop? boolean all threads stand still while the bytes change, and none may be inside them; by default as code (may be left out)
---@field shared? boolean the place may be shared with a file, which changes too (default false)
---@field keep? boolean it stays when this program ends (default false)
---@field edits? table[] list of tables: several places, each {at=, bytes=, ...}: all or none change (default {})
---@field at? integer|string|pvm.path address, expression or pvm.path: an address, an expression such as "libc.so.6+0x12", or a pvm.path (may be left out)
---@field find? string byte pattern: or a pattern that stands there: "29 47 ??" (may be left out)
---@field region? string|integer[]|pvm.region|table where find= looks: a kind, a module, {first, behind} or a pvm.region; by default code for code=true, and else what can be written (may be left out)
---@field matches? integer|"all" how many places find= has to find, or "all" (default 1)
---@field offset? integer bytes from there to the place (default 0)
---@field expect? string byte pattern: what has to be at the place; without it a patch of code expects what it found when it was made (may be left out)
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field bytes? string byte pattern: the new bytes: "90 90"; ?? leaves a byte as it is (may be left out)
---@field value? number|boolean number or boolean: or a value, of type= (may be left out)
---@field type? pvm.scalar "i32", "f32" ... (may be left out)

---@class pvm.process.regions.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})

---@class pvm.process.symbols.options
---@field module? string only this module; all that can be run when left out (may be left out)
---@field limit? integer integer, 1 to 4000000: the most symbols (default 10000)

---@class pvm.process.read.options
---@field partial? boolean give what could be read, and the error beside it (default false)

---@class pvm.process.write.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u8.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i8.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_bool.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u16.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u16le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u16be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u32.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u32le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u32be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u64.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u64le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_u64be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i16.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i16le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i16be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i32.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i32le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i32be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i64.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i64le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_i64be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_f32.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_f32le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_f32be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_f64.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_f64le.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_f64be.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_ptr.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_ptrle.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_ptrbe.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.write_array.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.read_structs.options
---@field stride? integer integer, 1 to 1048576: bytes from one to the next (may be left out)

---@class pvm.process.write_struct.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.read_string.options
---@field max? integer integer, 0 to 1048576: bytes to look at, the terminator included (default 4096)
---@field encoding? "utf8"|"utf16le"|"utf16be"|"utf32le"|"utf32be"|"latin1"|"bytes" how it is stored (default "utf8")

---@class pvm.process.write_string.options
---@field encoding? "utf8"|"utf16le"|"utf16be"|"utf32le"|"utf32be"|"latin1"|"bytes" how to store it (default "utf8")
---@field terminate? boolean write the zero (default true)
---@field max? integer integer, 0 to 1048576: refuse more bytes than this, the zero included (may be left out)
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.writev.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.cell.options
---@field hold? number seconds for which the address found is believed (default 0.0)

---@class pvm.process.copy.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.fill.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.scan.options
---@field equal? number|boolean number or boolean: this value (may be left out)
---@field not_equal? number|boolean number or boolean: any other (may be left out)
---@field less? number|boolean number or boolean: below (may be left out)
---@field at_most? number|boolean number or boolean: this or below (may be left out)
---@field greater? number|boolean number or boolean: above (may be left out)
---@field at_least? number|boolean number or boolean: this or above (may be left out)
---@field between? (number|boolean)[] list of numbers or booleans: {low, high}, both included (may be left out)
---@field one_of? (number|boolean)[] list of numbers or booleans: a list of values (may be left out)
---@field unknown? boolean any value: to compare with later (default false)
---@field digits? integer integer, -400 to 400: reals that round to the value with so many digits behind the point (may be left out)
---@field cut? integer integer, -400 to 400: reals that are the value when cut after so many digits (may be left out)
---@field tolerance? number reals at most so far from the value (may be left out)
---@field mask? integer only these bits count (may be left out)
---@field xor? integer stored with this key by exclusive or (may be left out)
---@field add? integer stored with this added (may be left out)
---@field rotate? integer integer, -63 to 63: stored rotated left by so many bits (may be left out)
---@field scale? number stored multiplied by this (may be left out)
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.find.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.find_all.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.find_string.options
---@field encoding? string|string[] one, or a list; "all" for every one (default "utf8")
---@field nocase? boolean find letters in any case (default false)
---@field terminated? boolean a zero must follow (default false)
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.find_regex.options
---@field encoding? "utf8"|"utf16le"|"utf16be"|"utf32le"|"utf32be"|"latin1"|"bytes" how the text is stored; not UTF-32 (default "utf8")
---@field nocase? boolean match letters in any case (default false)
---@field dotall? boolean let . match a line feed (default false)
---@field multiline? boolean let ^ and $ match at lines (default false)
---@field utf8? boolean let . and classes stand for characters of UTF-8, not bytes (default false)
---@field max? integer integer, 16 to 1073741824: bytes of the longest match (default 65536)
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.find_struct.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.find_group.options
---@field within? integer integer, 1 to 65536: all of them lie, whole, in a stretch of so many bytes (default 256)
---@field ordered? boolean they lie in the order given; otherwise in any (default false)
---@field limit? integer integer, 0 to 1000000: the most groups to list (default 1000)
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.references.options
---@field span? integer integer, at least 1: pointers to any of so many bytes from the address on (default 1)
---@field width? integer 4 or 8: bytes of a pointer, 4 or 8; by default as the process has them (may be left out)
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field align? integer integer, 1 to 1048576: candidates lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the hits may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.track.options
---@field type? pvm.scalar what the values are; hits have types of their own (default "i32")
---@field every? number seconds: from one sample to the next; 0: without a pause (default 0.1)
---@field align? integer integer, 1 to 1048576: values lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field cells? integer integer, 0 to 10000000: the most values that are followed, about half a KiB each; `stats.unfollowed` counts the changes of others (default 100000)
---@field unpopulated? boolean also pages nobody ever wrote, which makes the target grow (default false)
---@field progress? fun(p: {samples: integer, changed: integer, seconds: number}): boolean? function: called after each sample, the first included; false stops with what was found so far (may be left out)

---@class pvm.process.dump.options
---@field holes? boolean write what cannot be read as zeroes, and list it (default false)

---@class pvm.process.load.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.process.disassemble.options
---@field bytes? integer integer, 0 to 1048576: all that begins within so many bytes, in place of a count (may be left out)
---@field syntax? "intel"|"att" how x86 is written (default "intel")
---@field bits? integer 32 or 64, for code of another width than the program's pointers (may be left out)

---@class pvm.process.rip_target.options
---@field bits? integer 32 or 64, for code of another width than the program's pointers (may be left out)

---@class pvm.process.assemble.options
---@field symbols? table<string, integer> table of addresses: addresses of names that the text uses (default {})
---@field syntax? "intel"|"att" how x86 is written (default "intel")
---@field bits? integer 32 or 64, for code of another width than the program's pointers (may be left out)

---@class pvm.process.signature.options
---@field min? integer integer, 1 to 1024: least bytes (default 1)
---@field max? integer integer, 1 to 1024: most bytes (default 64)
---@field bits? integer 32 or 64, for code of another width than the program's pointers (may be left out)
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})

---@class pvm.process.snapshot.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field paused? boolean freeze the process meanwhile, so that all is of one moment (default false)
---@field timeout? number seconds: how long it may be frozen at most; longer is an error (default 30.0)
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field base? pvm.process an earlier snapshot to share pages with; by default the last one of this process (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes pages may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.save.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field paused? boolean freeze the process meanwhile, so that all is of one moment (default false)
---@field timeout? number seconds: how long it may be frozen at most; longer is an error (default 30.0)
---@field hanging? boolean also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices (default false)
---@field base? pvm.process an earlier snapshot to share pages with; by default the last one of this process (may be left out)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes pages may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.diff.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field type? pvm.scalar compare cells of this type; by default single bytes (may be left out)
---@field step? integer integer, 1 to 1048576: cells lie at multiples of so many bytes; by default the size of the type (may be left out)
---@field min_change? number leave out what has changed by less, up or down (may be left out)
---@field align? "address"|"modules" what goes together: the same address, or the same place in a module, heap or stack (default "address")
---@field equal_pointers? boolean with align="modules": pointers to what goes together are equal (default false)
---@field unchanged? boolean the cells that have stayed the same instead (default false)
---@field paused? boolean freeze a live process while it is captured (default false)
---@field threads? integer integer, 1 to 256: how many threads; by default all processors (may be left out)
---@field memory? integer integer, 0 to 1125899906842624: bytes the cells may take before they go to disk; by default half of what is free (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.process.restore.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field shared? boolean also memory that is shared with a file, which changes the file (default false)

---@class pvm.process.apply.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})
---@field shared? boolean also memory that is shared with a file, which changes the file (default false)

---@class pvm.plan.write.options
---@field shared? boolean allow a write that changes a mapped file on disk (default false)

---@class pvm.cell.freeze.options
---@field mode? "hold"|"min"|"max"|"range"|fun(now, held): any "hold" the value; "min" or "max": let it be no less or no more; "range": keep it from `min` to `max`; or a function that says from time to time what to hold (may be left out)
---@field every? number seconds from one look to the next, 0.001 to 3600 (default 0.05)
---@field min? number the least value of a range (may be left out)
---@field max? number the greatest value of a range (may be left out)
---@field shared? boolean allow memory shared with a file, which changes the file (default false)

---@class pvm.view.list.options
---@field limit? integer integer, 1 to 10000000: so many structs at most (default 100000)
---@field shift? integer added to each pointer, in bytes: below zero where it points into the middle of a struct (default 0)

---@class pvm.view.tree.options
---@field limit? integer integer, 1 to 10000000: so many structs at most (default 100000)
---@field shift? integer added to each pointer, in bytes: below zero where it points into the middle of a struct (default 0)

---@class pvm.hits.next.options
---@field equal? number|boolean number or boolean: this value (may be left out)
---@field not_equal? number|boolean number or boolean: any other (may be left out)
---@field less? number|boolean number or boolean: below (may be left out)
---@field at_most? number|boolean number or boolean: this or below (may be left out)
---@field greater? number|boolean number or boolean: above (may be left out)
---@field at_least? number|boolean number or boolean: this or above (may be left out)
---@field between? (number|boolean)[] list of numbers or booleans: {low, high}, both included (may be left out)
---@field one_of? (number|boolean)[] list of numbers or booleans: a list of values (may be left out)
---@field unknown? boolean any value: to compare with later (default false)
---@field digits? integer integer, -400 to 400: reals that round to the value with so many digits behind the point (may be left out)
---@field cut? integer integer, -400 to 400: reals that are the value when cut after so many digits (may be left out)
---@field tolerance? number reals at most so far from the value (may be left out)
---@field mask? integer only these bits count (may be left out)
---@field xor? integer stored with this key by exclusive or (may be left out)
---@field add? integer stored with this added (may be left out)
---@field rotate? integer integer, -63 to 63: stored rotated left by so many bits (may be left out)
---@field scale? number stored multiplied by this (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.changed.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.unchanged.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.increased.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.decreased.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.not_increased.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.not_decreased.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.increased_by.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.decreased_by.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.changed_by.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.percent.options
---@field since? "first"|pvm.hits "first", or any result of the same process; by default the step before (may be left out)
---@field tolerance? number by how much may be off by so much (may be left out)
---@field progress? fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean? function: called about every 50 ms; false stops with what was found so far (may be left out)

---@class pvm.hits.inside.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})

---@class pvm.hits.grouped.options
---@field within? integer integer, 1 to 65536: all of them lie, whole, in a stretch of so many bytes (default 256)
---@field ordered? boolean they lie in the order given; otherwise in any (default false)
---@field limit? integer integer, 0 to 1000000: the most groups to list (default 1000)

---@class pvm.diff.where.options
---@field perms? string permissions: "rw": at least these; "r-x": exactly, - for absent, ? for either; s or p at the end (may be left out)
---@field kind? string kinds, joined by | (default all)
---@field file? string text, or a pattern with * and ?: part of the path, or a pattern with * and ? (may be left out)
---@field module? string only this module (may be left out)
---@field range? integer[] {first, behind the last}: mappings that touch it (may be left out)
---@field size? integer|integer[] {least, most} bytes, or the least alone (may be left out)
---@field exclude? (string|integer[])[] list of kinds and {first, behind} ranges: kinds or {first, behind} ranges to leave out (default {})

---What this build can do.
---@class pvm.features
---@field regex boolean
---@field disassembly boolean
---@field debuginfo boolean

---A process whose memory is read and written, bound to one run of one program for ever; or a snapshot of one, or a core file, which read alike and cannot be written.
---@class pvm.process
---@field pid integer number of the process (read only)
---@field name string the kernel's name of it, at most 15 bytes (read only)
---@field exe string? path of the program (read only)
---@field cmdline string? the arguments, joined by spaces (read only)
---@field args string[] the arguments (read only)
---@field uid integer? real user id (read only)
---@field bits integer 32 or 64: the width of its pointers (read only)
---@field arch string its machine: x86_64, i386, aarch64 ... (read only)
---@field start_time integer when it started, in clock ticks since boot (read only)
---@field alive boolean whether it still runs (read only)
---@field exit_status table? {code=} or {signal=}, and text; nil while it runs (read only)
---@field read_only boolean whether writes are refused (read only)
---@field dry_run boolean whether writes are only pretended (read only)
---@field stats table {calls=, bytes_read=, bytes_written=} so far (read only)
---@field kind string process, snapshot or core (read only)
---@field captured_at number? when it was taken, in seconds since 1970; nil when it lives (read only)
---@field cost table? what a snapshot took: {bytes_read=, bytes_stored=, bytes_shared=, bytes_zero=, bytes_unreadable=, regions=, seconds=, paused_seconds=, threads=, memory=, disk=} (read only)
---@field holes table[] what a snapshot could not read: {address=, size=} each (read only)
---@field files table[] of a core, the mapped files it does not hold: {path=, found=, text=} each (read only)
---@field truncated boolean whether a core is shorter than it says (read only)
local process = {}

---Give the process back: its descriptors are closed. It runs on. Again is harmless.
---
---A variable declared `<close>` closes it by itself.
---
---```lua
---local again <close> = pvm.attach(game.pid)
---again:close()
---```
function process:close() end

---Wait until the process ends.
---
---Raises EINTERRUPTED.
---
---```lua
---print(game:wait_exit(0))  --> nil
---```
---@param timeout? number seconds: how long at most; for ever when left out (may be left out)
---@return table? value # how it ended: {code=} or {signal=}, and text; nil: time was up
function process:wait_exit(timeout) end

---Like `wait_exit`, but returns nil and the error of a failure.
---@param timeout? number seconds: how long at most; for ever when left out (may be left out)
---@return table? value
---@return pvm.error? err
function process:try_wait_exit(timeout) end

---Have a function called once when the process has ended.
---
---It is called during `pvm.sleep`, `pvm.wait`, `pvm.poll` and `wait_exit`, never in the middle of other code.
---
---```lua
---game:on_exit(function(status) print("game " .. status.text) end)
---```
---@param fn fun(status: table) function: gets how it ended
function process:on_exit(fn) end

---Send a signal to a child that this script started; never to another process.
---
---Raises ESRCH, EINVAL.
---
---```lua
---local child = pvm.spawn{"sleep", "60"}
---child:kill("KILL")
---print(child:wait_exit(5).signal)  --> 9
---```
---@param signal? string|integer name or number (default "TERM")
function process:kill(signal) end

---Like `kill`, but returns nil and the error of a failure.
---@param signal? string|integer name or number (default "TERM")
---@return true? ok
---@return pvm.error? err
function process:try_kill(signal) end

---Write to a child started with stdin="pipe" or terminal=.
---
---Raises EPIPE, EINVAL, EINTERRUPTED.
---
---```lua
---local child = pvm.spawn({"cat"}, {stdin="pipe", stdout="pipe"})
---child:send("hello\n")
---print(child:receive_line(5))  --> hello
---child:close_input()
---child:wait_exit(5)
---```
---@param bytes string what to write; a line needs its own \n
function process:send(bytes) end

---Like `send`, but returns nil and the error of a failure.
---@param bytes string what to write; a line needs its own \n
---@return true? ok
---@return pvm.error? err
function process:try_send(bytes) end

---Close the standard input of a child started with stdin="pipe".
---
---```lua
---local child = pvm.spawn({"cat"}, {stdin="pipe"})
---child:close_input()
---print(child:wait_exit(5).code)  --> 0
---```
function process:close_input() end

---Read what a child started with stdout="pipe" or terminal= has written since.
---
---A terminal ends lines with \r\n, and shows what is typed unless the program turns that off. Ctrl-C is "\x03", the end of input "\x04".
---
---Raises EINVAL, EINTERRUPTED.
---
---```lua
---local size = {columns=40, rows=5}
---local child = pvm.spawn({"sh", "-c", "stty size; read key"}, {terminal=size})
---local shown = ""
---repeat shown = shown .. child:receive(5) until shown:find("\n")
---print((shown:gsub("%s+$", "")))  --> 5 40
---child:send("x\n")
---child:wait_exit(5)
---```
---@param timeout? number seconds: how long to wait for the first byte (default 0)
---@return string? bytes # all there is; empty when nothing came in time; nil at the end
function process:receive(timeout) end

---Like `receive`, but returns nil and the error of a failure.
---@param timeout? number seconds: how long to wait for the first byte (default 0)
---@return string? bytes
---@return pvm.error? err
function process:try_receive(timeout) end

---Read a line from a child started with stdout="pipe".
---
---Raises ETIMEDOUT, EINVAL, EINTERRUPTED.
---
---```lua
---local child = pvm.spawn({"echo", "one line"}, {stdout="pipe"})
---print(child:receive_line(5))  --> one line
---print(child:receive_line(5))  --> nil
---child:wait_exit(5)
---```
---@param timeout? number seconds: how long to wait at most; for ever when left out (may be left out)
---@return string? line # the line without its end; nil at the end
function process:receive_line(timeout) end

---Like `receive_line`, but returns nil and the error of a failure.
---@param timeout? number seconds: how long to wait at most; for ever when left out (may be left out)
---@return string? line
---@return pvm.error? err
function process:try_receive_line(timeout) end

---Stop every thread of the process until the pause ends.
---
---It ends with `resume`, at the end of the scope of a variable declared `<close>`, when the collector takes it, when its time is up, and when this program ends, by whatever: nothing leaves the process stopped. No signal is sent and none is lost; a process that SIGSTOP had stopped stays so. Several pauses hold it until the last one ends. It may be read and written meanwhile.
---
---A few calls in which the process waits then fail with EINTR, as after any stop: epoll_wait, semop, sigtimedwait, and reading a socket with a timeout. What runs under a debugger cannot be paused, nor can this program and the shell or terminal it runs in.
---
---Raises EINVAL, EPERM, ESRCH, EXEC, ETIMEDOUT, EINTERRUPTED.
---
---```lua
---do
---  local pause <close> = game:pause{timeout=2}
---  print(#pause.threads, pause.holding)  --> 1 true
---  -- all that is read here is of one moment
---end
---```
---@param options? pvm.process.pause.options table of options: how long (may be left out)
---@return pvm.pause pause # the pause
function process:pause(options) end

---Like `pause`, but returns nil and the error of a failure.
---@param options? pvm.process.pause.options table of options: how long (may be left out)
---@return pvm.pause? pause
---@return pvm.error? err
function process:try_pause(options) end

---Call a function while every thread of the process stands still.
---
---The process goes on when the function returns or raises. The function has 5 seconds: what takes longer raises ETIMEDOUT when it returns, since the process went on meanwhile. For more time there is `pause`. The function cannot yield.
---
---Raises EINVAL, EPERM, ESRCH, EXEC, ETIMEDOUT, EINTERRUPTED.
---
---```lua
---local hp, gold = game:paused(function()
---  return game:read_i32(health), game:read_i32(gold)
---end)
---```
---@param fn fun(...) function: what is to be done
---@param ... any values: its arguments
---@return any ... # what the function returned
function process:paused(fn, ...) end

---Like `paused`, but returns nil and the error of a failure.
---@param fn fun(...) function: what is to be done
---@param ... any values: its arguments
---@return any? ...
---@return pvm.error? err
function process:try_paused(fn, ...) end

---Prepare a change that can be made and taken back.
---
---Every place is looked for and checked at once, and nothing is written: `find` has to meet as many places as `matches` says, `expect` has to be there, and the process has to be able to write there, unless `code=true` allows what it cannot. Places that are given in `edits` change together: all of them, or none.
---
---What is enabled when the script ends, by its end, an error, Ctrl-C or os.exit, is taken back, unless it says `keep=true`. For the case that pvmlua itself is killed there is a journal; `pvmlua -m undo` reads it.
---
---Bytes of code become copies of the process's own: the file on disk, and other processes that run it, stay as they are.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EMISMATCH, EBUSY, ENOSPC, ETIMEDOUT, ENOENT, EAMBIGUOUS.
---
---```lua
---local patch = game:patch{
---  name="no damage", at=take_damage_sub, expect="29 f0", bytes="90 90", code=true,
---}
---patch:enable()
---print(patch)
---patch:disable()
---```
---@param options? pvm.process.patch.options table of options: what is to be changed (may be left out)
---@return pvm.patch object # not enabled yet
function process:patch(options) end

---Like `patch`, but returns nil and the error of a failure.
---@param options? pvm.process.patch.options table of options: what is to be changed (may be left out)
---@return pvm.patch? object
---@return pvm.error? err
function process:try_patch(options) end

---List the patches of this process that are enabled, or that a script holds.
---
---```lua
---for _, patch in ipairs(game:patches()) do print(patch) end
---```
---@return pvm.patch[] value # in the order in which they were made
function process:patches() end

---List what is mapped, filtered.
---
---The list is stale the moment it is made: the process maps and unmaps as it likes, so every read must be ready to fail.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---for _, region in ipairs(game:regions{perms="rw", kind="heap"}) do
---  print(string.format("%x", region.start), region.size)
---end
---```
---@param options? pvm.process.regions.options table of options: which mappings; all when left out (may be left out)
---@return pvm.regions object # the mappings in the order of their addresses
function process:regions(options) end

---Like `regions`, but returns nil and the error of a failure.
---@param options? pvm.process.regions.options table of options: which mappings; all when left out (may be left out)
---@return pvm.regions? object
---@return pvm.error? err
function process:try_regions(options) end

---Find the mapping that an address lies in.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(game:region(game:addr(health)).perms)  --> rw-p
---```
---@param address integer address: any address in it
---@return pvm.region? object # the mapping; nil in a gap
function process:region(address) end

---Like `region`, but returns nil and the error of a failure.
---@param address integer address: any address in it
---@return pvm.region? object
---@return pvm.error? err
function process:try_region(address) end

---List the files that are mapped: programs, libraries and data, and the [vdso].
---
---The size is what the headers in memory say: bss belongs to a module, memory that merely lies behind it does not. Asking often costs little: only what has changed is read again.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---for _, m in ipairs(game:modules()) do print(m.name, m.size, m.path) end
---```
---@return pvm.module[] value # in the order of addresses
function process:modules() end

---Like `modules`, but returns nil and the error of a failure.
---@return pvm.module[]? value
---@return pvm.error? err
function process:try_modules() end

---Find a module by its path, its name, the beginning of it (libc), or a pattern.
---
---The whole path goes before the name, the name before its beginning, and that before a pattern with * or ?. Where several fit by the same rule, the error lists them.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EAMBIGUOUS.
---
---```lua
---local libc = game:module("libc")
---print(libc.path, libc.arch, libc.build_id)
---for _, section in ipairs(libc.sections) do print(section.name, section.size) end
---```
---@param name string path, base name, base name without its version, or *pattern*
---@return pvm.module? object # nil when there is none
function process:module(name) end

---Like `module`, but returns nil and the error of a failure.
---@param name string path, base name, base name without its version, or *pattern*
---@return pvm.module? object
---@return pvm.error? err
function process:try_module(name) end

---Work out an address: modules, numbers, + and -, [pointers].
---
---Names are modules, regions such as heap and stack, or symbols of a module. Brackets read a pointer of the target's width. A name with spaces stands in quotes.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EFAULT, ENOENT, EAMBIGUOUS.
---
---```lua
---print(string.format("%x", game:addr("heap+0x40")))
---```
---@param expression string|pvm.path address expression or pvm.path: "libc.so.6+0x12", "[[game+0x1234]+0x10]+8", "libc.so.6!environ", or a pvm.path
---@return integer address # the address
function process:addr(expression) end

---Like `addr`, but returns nil and the error of a failure.
---@param expression string|pvm.path address expression or pvm.path: "libc.so.6+0x12", "[[game+0x1234]+0x10]+8", "libc.so.6!environ", or a pvm.path
---@return integer? address
---@return pvm.error? err
function process:try_addr(expression) end

---Find a function or variable of a module by its name.
---
---A name is one as the file has it (`_ZN4game4Hero3hitEv`) or one as people write it (`game::Hero::hit`, with or without what is in brackets); of C++, Swift and Rust. Without a version it is the one that new programs get; `memcpy@GLIBC_2.2.5` names an old one. An `indirect` symbol is a function that returns the one that is called. Of a `thread` symbol each thread has its own, and there is no address. The symbols are those of the file, of a separate file with debug information, of the memory where there is no file, and the exported names of PE files.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, ENOENT, EAMBIGUOUS, EINTERRUPTED.
---
---```lua
---local environ = game:symbol("libc.so.6!environ")
---print(game:name_of(environ), game:read_ptr(environ) ~= 0)  --> libc.so.6!environ true
---local _, malloc = game:symbol("libc.so.6!malloc")
---print(malloc.kind, malloc.size > 0)  --> function true
---```
---@param name string "libc.so.6!malloc"; without a module the first that has one, the program first
---@return integer? address # where it lies; nil when there is none
---@return table? details # {name=, raw=, module=, address=, size=, kind=, binding=, version=}
function process:symbol(name) end

---Like `symbol`, but returns nil and the error of a failure.
---@param name string "libc.so.6!malloc"; without a module the first that has one, the program first
---@return integer? address
---@return table?|pvm.error details_or_err
function process:try_symbol(name) end

---List the symbols whose names fit a pattern.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, ENOENT, EAMBIGUOUS, EINTERRUPTED.
---
---```lua
---for _, s in ipairs(game:symbols("*alloc", {module="libc"})) do
---  print(s.name, s.kind, s.size)
---end
---```
---@param pattern string text, or a pattern with * and ?: text found anywhere in a name, or * and ? for all of it
---@param options? pvm.process.symbols.options table of options: where, and how many (may be left out)
---@return table[] value # as the second result of symbol()
function process:symbols(pattern, options) end

---Like `symbols`, but returns nil and the error of a failure.
---@param pattern string text, or a pattern with * and ?: text found anywhere in a name, or * and ? for all of it
---@param options? pvm.process.symbols.options table of options: where, and how many (may be left out)
---@return table[]? value
---@return pvm.error? err
function process:try_symbols(pattern, options) end

---Name an address by the symbol, module or region it lies in.
---
---Between symbols it is the module with the distance from its base. Names of C can be given to `addr` again. Lines need the trait Debuginfo, libdw, and a program or a separate file with debug information.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print((game:name_of(game:symbol("libc.so.6!malloc") + 18)))  --> libc.so.6!malloc+0x12
---print(game:name_of(take_damage))
---```
---@param address integer address: any address
---@return string name # "libc.so.6!malloc+0x12", "[heap]+0x40", or the number where there is no name
---@return string? line # "src/hero.c:12", where debug information tells
function process:name_of(address) end

---Like `name_of`, but returns nil and the error of a failure.
---@param address integer address: any address
---@return string? name
---@return string?|pvm.error line_or_err
function process:try_name_of(address) end

---Find a variable, or a part of one, by its name in the source.
---
---Needs debug information (DWARF) of the program, and libdw. `kind` is "scalar" with its `type`, "pointer", "record" with the names of its `members`, "array" with their `count`, or "bytes". Variables of functions are not found, also those that stay (`static`).
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, ENOENT, EAMBIGUOUS, EFAULT.
---
---```lua
---local address, type = game:try_variable("hero.health")
---print(address and type.type or "no debug information tells of it")
---```
---@param name string "hero.health", "first->next->value", "game!table[3].pos"
---@return integer address # where it lies
---@return table type # {kind=, type=, size=, members=, count=}
function process:variable(name) end

---Like `variable`, but returns nil and the error of a failure.
---@param name string "hero.health", "first->next->value", "game!table[3].pos"
---@return integer? address
---@return table|pvm.error type_or_err
function process:try_variable(name) end

---Take a struct from the debug information of the program, by its name in the source.
---
---Fields lie where the compiler put them. Pointers lead to the structs of the program, as far as those are known; members of base classes are fields of the struct; arrays of `char` are text.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, ENOENT, EAMBIGUOUS, E2BIG.
---
---```lua
---local Entity = game:type("entity")
---print(Entity and Entity:size() or "no debug information tells of it")
---```
---@param name string "entity", "game::Hero", "game!entity"
---@return pvm.type? object # for game:view and others; nil where no debug information tells of it
function process:type(name) end

---Like `type`, but returns nil and the error of a failure.
---@param name string "entity", "game::Hero", "game!entity"
---@return pvm.type? object
---@return pvm.error? err
function process:try_type(name) end

---Read bytes.
---
---A read that stops early raises; the error's `transferred` says how far it got and `data` holds those bytes.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(#game:read(health, 16))  --> 16
---```
---@param address integer address: first byte
---@param count integer integer, 0 to 1073741824: how many, 0 to 1 GiB
---@param options? pvm.process.read.options table of options: how to read (may be left out)
---@return string bytes # all of them, or with partial what there is
---@return pvm.error? error # with partial: why it is not all
function process:read(address, count, options) end

---Like `read`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param count integer integer, 0 to 1073741824: how many, 0 to 1 GiB
---@param options? pvm.process.read.options table of options: how to read (may be left out)
---@return string? bytes
---@return pvm.error?|pvm.error error_or_err
function process:try_read(address, count, options) end

---Read bytes into a buffer of our own; nothing is copied twice.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local buffer = pvm.buffer(64)
---print(game:read_into(buffer, player))  --> 64
---print(buffer:get(0, "i32"))
---```
---@param buffer pvm.buffer from pvm.buffer
---@param address integer address: first byte
---@param count? integer integer, 0 to 1073741824: how many; the buffer's size when left out (may be left out)
---@return integer count # how many bytes were read: all of them
function process:read_into(buffer, address, count) end

---Like `read_into`, but returns nil and the error of a failure.
---@param buffer pvm.buffer from pvm.buffer
---@param address integer address: first byte
---@param count? integer integer, 0 to 1073741824: how many; the buffer's size when left out (may be left out)
---@return integer? count
---@return pvm.error? err
function process:try_read_into(buffer, address, count) end

---Show memory as hexadecimal and text, with its addresses.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(game:hexdump(player, 64))
---```
---@param address integer address: first byte
---@param count? integer integer, 0 to 1048576: how many bytes (default 128)
---@return string text # a line for each 16 bytes; what cannot be read is ??
function process:hexdump(address, count) end

---Like `hexdump`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param count? integer integer, 0 to 1048576: how many bytes (default 128)
---@return string? text
---@return pvm.error? err
function process:try_hexdump(address, count) end

---Write bytes: all of them, or none.
---
---Never forces: pages that the target itself may not write are refused. A write that stops half way is rolled back, and the error says so.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write(scratch, "\1\2\3\4")
---```
---@param address integer address: first byte
---@param bytes string what to write
---@param options? pvm.process.write.options table of options: how to write (may be left out)
function process:write(address, bytes, options) end

---Like `write`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param bytes string what to write
---@param options? pvm.process.write.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write(address, bytes, options) end

---Read an unsigned 8-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u8(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_u8(address) end

---Like `read_u8`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u8(address) end

---Write an unsigned 8-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u8(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u8.options table of options: how to write (may be left out)
function process:write_u8(address, value, options) end

---Like `write_u8`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u8.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u8(address, value, options) end

---Read a signed 8-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i8(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i8(address) end

---Like `read_i8`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i8(address) end

---Write a signed 8-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i8(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i8.options table of options: how to write (may be left out)
function process:write_i8(address, value, options) end

---Like `write_i8`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i8.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i8(address, value, options) end

---Read a byte as true or false.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_bool(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return boolean value # the value
function process:read_bool(address) end

---Like `read_bool`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return boolean? value
---@return pvm.error? err
function process:try_read_bool(address) end

---Write a byte as true or false.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_bool(scratch, true)
---```
---@param address integer address: first byte, of any alignment
---@param value boolean must fit the type
---@param options? pvm.process.write_bool.options table of options: how to write (may be left out)
function process:write_bool(address, value, options) end

---Like `write_bool`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value boolean must fit the type
---@param options? pvm.process.write_bool.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_bool(address, value, options) end

---Read an unsigned 16-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u16(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_u16(address) end

---Like `read_u16`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u16(address) end

---Write an unsigned 16-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u16(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u16.options table of options: how to write (may be left out)
function process:write_u16(address, value, options) end

---Like `write_u16`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u16.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u16(address, value, options) end

---Read an unsigned 16-bit integer, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u16le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_u16le(address) end

---Like `read_u16le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u16le(address) end

---Write an unsigned 16-bit integer, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u16le(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u16le.options table of options: how to write (may be left out)
function process:write_u16le(address, value, options) end

---Like `write_u16le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u16le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u16le(address, value, options) end

---Read an unsigned 16-bit integer, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u16be(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_u16be(address) end

---Like `read_u16be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u16be(address) end

---Write an unsigned 16-bit integer, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u16be(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u16be.options table of options: how to write (may be left out)
function process:write_u16be(address, value, options) end

---Like `write_u16be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u16be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u16be(address, value, options) end

---Read an unsigned 32-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u32(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_u32(address) end

---Like `read_u32`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u32(address) end

---Write an unsigned 32-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u32(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u32.options table of options: how to write (may be left out)
function process:write_u32(address, value, options) end

---Like `write_u32`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u32.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u32(address, value, options) end

---Read an unsigned 32-bit integer, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u32le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_u32le(address) end

---Like `read_u32le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u32le(address) end

---Write an unsigned 32-bit integer, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u32le(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u32le.options table of options: how to write (may be left out)
function process:write_u32le(address, value, options) end

---Like `write_u32le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u32le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u32le(address, value, options) end

---Read an unsigned 32-bit integer, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(game:read_u32be(luck_be))  --> 16909060
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_u32be(address) end

---Like `read_u32be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u32be(address) end

---Write an unsigned 32-bit integer, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u32be(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u32be.options table of options: how to write (may be left out)
function process:write_u32be(address, value, options) end

---Like `write_u32be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u32be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u32be(address, value, options) end

---Read an unsigned 64-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u64(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # from 2^63 on negative, with the same bits (see math.ult)
function process:read_u64(address) end

---Like `read_u64`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u64(address) end

---Write an unsigned 64-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u64(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u64.options table of options: how to write (may be left out)
function process:write_u64(address, value, options) end

---Like `write_u64`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u64.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u64(address, value, options) end

---Read an unsigned 64-bit integer, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u64le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # from 2^63 on negative, with the same bits (see math.ult)
function process:read_u64le(address) end

---Like `read_u64le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u64le(address) end

---Write an unsigned 64-bit integer, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u64le(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u64le.options table of options: how to write (may be left out)
function process:write_u64le(address, value, options) end

---Like `write_u64le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u64le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u64le(address, value, options) end

---Read an unsigned 64-bit integer, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_u64be(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # from 2^63 on negative, with the same bits (see math.ult)
function process:read_u64be(address) end

---Like `read_u64be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_u64be(address) end

---Write an unsigned 64-bit integer, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_u64be(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u64be.options table of options: how to write (may be left out)
function process:write_u64be(address, value, options) end

---Like `write_u64be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_u64be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_u64be(address, value, options) end

---Read a signed 16-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i16(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i16(address) end

---Like `read_i16`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i16(address) end

---Write a signed 16-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i16(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i16.options table of options: how to write (may be left out)
function process:write_i16(address, value, options) end

---Like `write_i16`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i16.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i16(address, value, options) end

---Read a signed 16-bit integer, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i16le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i16le(address) end

---Like `read_i16le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i16le(address) end

---Write a signed 16-bit integer, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i16le(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i16le.options table of options: how to write (may be left out)
function process:write_i16le(address, value, options) end

---Like `write_i16le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i16le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i16le(address, value, options) end

---Read a signed 16-bit integer, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i16be(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i16be(address) end

---Like `read_i16be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i16be(address) end

---Write a signed 16-bit integer, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i16be(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i16be.options table of options: how to write (may be left out)
function process:write_i16be(address, value, options) end

---Like `write_i16be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i16be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i16be(address, value, options) end

---Read a signed 32-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(game:read_i32(gold))  --> 250
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i32(address) end

---Like `read_i32`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i32(address) end

---Write a signed 32-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i32(gold, 999)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i32.options table of options: how to write (may be left out)
function process:write_i32(address, value, options) end

---Like `write_i32`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i32.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i32(address, value, options) end

---Read a signed 32-bit integer, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i32le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i32le(address) end

---Like `read_i32le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i32le(address) end

---Write a signed 32-bit integer, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i32le(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i32le.options table of options: how to write (may be left out)
function process:write_i32le(address, value, options) end

---Like `write_i32le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i32le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i32le(address, value, options) end

---Read a signed 32-bit integer, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i32be(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i32be(address) end

---Like `read_i32be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i32be(address) end

---Write a signed 32-bit integer, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i32be(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i32be.options table of options: how to write (may be left out)
function process:write_i32be(address, value, options) end

---Like `write_i32be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i32be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i32be(address, value, options) end

---Read a signed 64-bit integer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i64(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i64(address) end

---Like `read_i64`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i64(address) end

---Write a signed 64-bit integer.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i64(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i64.options table of options: how to write (may be left out)
function process:write_i64(address, value, options) end

---Like `write_i64`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i64.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i64(address, value, options) end

---Read a signed 64-bit integer, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i64le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i64le(address) end

---Like `read_i64le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i64le(address) end

---Write a signed 64-bit integer, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i64le(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i64le.options table of options: how to write (may be left out)
function process:write_i64le(address, value, options) end

---Like `write_i64le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i64le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i64le(address, value, options) end

---Read a signed 64-bit integer, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_i64be(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_i64be(address) end

---Like `read_i64be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_i64be(address) end

---Write a signed 64-bit integer, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_i64be(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i64be.options table of options: how to write (may be left out)
function process:write_i64be(address, value, options) end

---Like `write_i64be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_i64be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_i64be(address, value, options) end

---Read a 32-bit float.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_f32(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return number value # the value
function process:read_f32(address) end

---Like `read_f32`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return number? value
---@return pvm.error? err
function process:try_read_f32(address) end

---Write a 32-bit float.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_f32(scratch, 1.5)
---```
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f32.options table of options: how to write (may be left out)
function process:write_f32(address, value, options) end

---Like `write_f32`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f32.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_f32(address, value, options) end

---Read a 32-bit float, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_f32le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return number value # the value
function process:read_f32le(address) end

---Like `read_f32le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return number? value
---@return pvm.error? err
function process:try_read_f32le(address) end

---Write a 32-bit float, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_f32le(scratch, 1.5)
---```
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f32le.options table of options: how to write (may be left out)
function process:write_f32le(address, value, options) end

---Like `write_f32le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f32le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_f32le(address, value, options) end

---Read a 32-bit float, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_f32be(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return number value # the value
function process:read_f32be(address) end

---Like `read_f32be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return number? value
---@return pvm.error? err
function process:try_read_f32be(address) end

---Write a 32-bit float, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_f32be(scratch, 1.5)
---```
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f32be.options table of options: how to write (may be left out)
function process:write_f32be(address, value, options) end

---Like `write_f32be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f32be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_f32be(address, value, options) end

---Read a 64-bit float.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_f64(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return number value # the value
function process:read_f64(address) end

---Like `read_f64`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return number? value
---@return pvm.error? err
function process:try_read_f64(address) end

---Write a 64-bit float.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_f64(scratch, 1.5)
---```
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f64.options table of options: how to write (may be left out)
function process:write_f64(address, value, options) end

---Like `write_f64`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f64.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_f64(address, value, options) end

---Read a 64-bit float, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_f64le(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return number value # the value
function process:read_f64le(address) end

---Like `read_f64le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return number? value
---@return pvm.error? err
function process:try_read_f64le(address) end

---Write a 64-bit float, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_f64le(scratch, 1.5)
---```
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f64le.options table of options: how to write (may be left out)
function process:write_f64le(address, value, options) end

---Like `write_f64le`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f64le.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_f64le(address, value, options) end

---Read a 64-bit float, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_f64be(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return number value # the value
function process:read_f64be(address) end

---Like `read_f64be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return number? value
---@return pvm.error? err
function process:try_read_f64be(address) end

---Write a 64-bit float, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_f64be(scratch, 1.5)
---```
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f64be.options table of options: how to write (may be left out)
function process:write_f64be(address, value, options) end

---Like `write_f64be`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value number must fit the type
---@param options? pvm.process.write_f64be.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_f64be(address, value, options) end

---Read a pointer of the target's width.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_ptr(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_ptr(address) end

---Like `read_ptr`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_ptr(address) end

---Write a pointer of the target's width.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_ptr(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_ptr.options table of options: how to write (may be left out)
function process:write_ptr(address, value, options) end

---Like `write_ptr`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_ptr.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_ptr(address, value, options) end

---Read a pointer of the target's width, little endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_ptrle(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_ptrle(address) end

---Like `read_ptrle`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_ptrle(address) end

---Write a pointer of the target's width, little endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_ptrle(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_ptrle.options table of options: how to write (may be left out)
function process:write_ptrle(address, value, options) end

---Like `write_ptrle`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_ptrle.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_ptrle(address, value, options) end

---Read a pointer of the target's width, big endian.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local value = game:read_ptrbe(scratch)
---```
---@param address integer address: first byte, of any alignment
---@return integer value # the value
function process:read_ptrbe(address) end

---Like `read_ptrbe`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@return integer? value
---@return pvm.error? err
function process:try_read_ptrbe(address) end

---Write a pointer of the target's width, big endian.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:write_ptrbe(scratch, 7)
---```
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_ptrbe.options table of options: how to write (may be left out)
function process:write_ptrbe(address, value, options) end

---Like `write_ptrbe`, but returns nil and the error of a failure.
---@param address integer address: first byte, of any alignment
---@param value integer must fit the type
---@param options? pvm.process.write_ptrbe.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_ptrbe(address, value, options) end

---Read values that lie side by side, in one transfer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(table.concat(game:read_array(pos, "f32", 3), " "))  --> 1.0 2.0 3.0
---```
---@param address integer address: first byte of the first value
---@param type pvm.scalar what each is
---@param count integer integer, 0 to 134217728: how many
---@return (number|boolean)[] values # from 1
function process:read_array(address, type, count) end

---Like `read_array`, but returns nil and the error of a failure.
---@param address integer address: first byte of the first value
---@param type pvm.scalar what each is
---@param count integer integer, 0 to 134217728: how many
---@return ((number|boolean)[])? values
---@return pvm.error? err
function process:try_read_array(address, type, count) end

---Write values side by side: all of them, or none.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, ERANGE.
---
---```lua
---game:write_array(pos, "f32", {1, 2, 3})
---```
---@param address integer address: first byte of the first value
---@param type pvm.scalar what each is
---@param values (number|boolean)[] list of numbers or booleans: from 1, without a gap
---@param options? pvm.process.write_array.options table of options: how to write (may be left out)
function process:write_array(address, type, values, options) end

---Like `write_array`, but returns nil and the error of a failure.
---@param address integer address: first byte of the first value
---@param type pvm.scalar what each is
---@param values (number|boolean)[] list of numbers or booleans: from 1, without a gap
---@param options? pvm.process.write_array.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_array(address, type, values, options) end

---Read values by a format of string.pack.
---
---Formats of fixed size take one transfer. With `z` or `s` more is read as it is needed, up to 1 MiB, and never beyond the page that ends it.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED, EINVAL, E2BIG.
---
---```lua
---print(game:unpack(health, "<i4 i4"))
---```
---@param address integer address: first byte
---@param format string string.pack format: as string.unpack takes it: "<I4 I4 d z"
---@return any ... # the values
---@return integer next # the address behind what was read
function process:unpack(address, format) end

---Like `unpack`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param format string string.pack format: as string.unpack takes it: "<I4 I4 d z"
---@return any? ...
---@return integer|pvm.error next_or_err
function process:try_unpack(address, format) end

---Write values by a format of string.pack: all of them, or none.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE.
---
---```lua
---print(game:pack(scratch, "<i4 z", 7, "seven"))  --> 10
---```
---@param address integer address: first byte
---@param format string string.pack format: as string.pack takes it
---@param ... any values: one for each option that takes one
---@return integer count # how many bytes were written
function process:pack(address, format, ...) end

---Like `pack`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param format string string.pack format: as string.pack takes it
---@param ... any values: one for each option that takes one
---@return integer? count
---@return pvm.error? err
function process:try_pack(address, format, ...) end

---Read a struct, in one transfer.
---
---A field is `name = {offset, type [, count] [, stride=]}`. The type is a scalar ("i32", "f32be", "ptr"), text ("cstr", "utf8", "utf16le" ...) or "bytes" with its size in bytes as the third entry, or another layout; all that pvm.struct takes. `size=` fixes the size of the whole. Without offsets, `{ {"hp","i32"}, {"pos","f32",3} }` lays the fields one behind the other at their natural alignment, as a C compiler does.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local hero = game:read_struct(player, {
---  health = {0x00, "i32"}, pos = {0x10, "f32", 3}, name = {0x20, "cstr", 32},
---})
---print(hero.health, hero.pos[1], hero.name)
---```
---@param address integer address: first byte
---@param layout pvm.type|table|string pvm.type or layout table: a pvm.type, or fields: {offset, type, count}; see below
---@return table value # the fields by name; arrays and nested structs are tables
function process:read_struct(address, layout) end

---Like `read_struct`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param layout pvm.type|table|string pvm.type or layout table: a pvm.type, or fields: {offset, type, count}; see below
---@return table? value
---@return pvm.error? err
function process:try_read_struct(address, layout) end

---Read an array of structs, in one transfer.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED, E2BIG.
---
---```lua
---local imps = game:read_structs(entities, {hp={4,"i32"}}, 3, {stride=0x40})
---print(imps[1].hp, imps[3].hp)
---```
---@param address integer address: first byte of the first
---@param layout pvm.type|table|string pvm.type or layout table: as for read_struct
---@param count integer integer, 0 to 16777216: how many
---@param options? pvm.process.read_structs.options table of options: how they lie (may be left out)
---@return table[] value # the structs, from 1
function process:read_structs(address, layout, count, options) end

---Like `read_structs`, but returns nil and the error of a failure.
---@param address integer address: first byte of the first
---@param layout pvm.type|table|string pvm.type or layout table: as for read_struct
---@param count integer integer, 0 to 16777216: how many
---@param options? pvm.process.read_structs.options table of options: how they lie (may be left out)
---@return table[]? value
---@return pvm.error? err
function process:try_read_structs(address, layout, count, options) end

---Write fields of a struct; those left out stay as they are.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, ERANGE, EINVAL.
---
---```lua
---game:write_struct(player, {gold={4,"i32"}}, {gold=500})
---```
---@param address integer address: first byte
---@param layout pvm.type|table|string pvm.type or layout table: as for read_struct
---@param values table fields by name
---@param options? pvm.process.write_struct.options table of options: how to write (may be left out)
function process:write_struct(address, layout, values, options) end

---Like `write_struct`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param layout pvm.type|table|string pvm.type or layout table: as for read_struct
---@param values table fields by name
---@param options? pvm.process.write_struct.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_write_struct(address, layout, values, options) end

---A struct in memory, whose fields are read and assigned by name.
---
---Each field is read when it is asked for; `hold` and `table` read all in one transfer. Works on snapshots and cores too, where nothing can be assigned.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EFAULT, ENOENT, EAMBIGUOUS.
---
---```lua
---local Vector = pvm.struct{ {"x", "f32"}, {"y", "f32"}, {"z", "f32"} }
---local Hero = pvm.struct{ hp={0,"i32"}, pos={0x10,Vector} }
---local hero = game:view(player, Hero)
---hero.pos.y = 7.5
---print(hero.hp, hero.pos.y)  --> 100 7.5
---```
---@param address integer|string|pvm.path address, expression or pvm.path: first byte, or a path to it, which is followed once
---@param type pvm.type|table|string pvm.type or layout table: a pvm.type, its name, or a layout table
---@param count? integer integer, 0 to 16777216: for an array of so many (may be left out)
---@return pvm.view object # nothing is read there yet
function process:view(address, type, count) end

---Like `view`, but returns nil and the error of a failure.
---@param address integer|string|pvm.path address, expression or pvm.path: first byte, or a path to it, which is followed once
---@param type pvm.type|table|string pvm.type or layout table: a pvm.type, its name, or a layout table
---@param count? integer integer, 0 to 16777216: for an array of so many (may be left out)
---@return pvm.view? object
---@return pvm.error? err
function process:try_view(address, type, count) end

---Structs of one type at many addresses, read in one gather.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, E2BIG.
---
---```lua
---local Imp = pvm.struct{ hp={4,"i32"}, size=0x40 }
---local imps = game:views({entities, entities + 0x40}, Imp)
---print(imps[1].hp, imps[2].hp)  --> 100 110
---```
---@param addresses integer[] list of addresses: first bytes, at most a million
---@param type pvm.type|table|string pvm.type or layout table: a pvm.type, its name, or a layout table
---@return (pvm.view|false)[] views # as they were read; false: unreadable
---@return table<integer, pvm.error>? faults # why some are, or nil
function process:views(addresses, type) end

---Like `views`, but returns nil and the error of a failure.
---@param addresses integer[] list of addresses: first bytes, at most a million
---@param type pvm.type|table|string pvm.type or layout table: a pvm.type, its name, or a layout table
---@return ((pvm.view|false)[])? views
---@return table<integer, pvm.error>?|pvm.error faults_or_err
function process:try_views(addresses, type) end

---Guess what the fields of an unknown struct are.
---
---Each word is looked at as a pointer (to data, text, code or a table of functions), as text, as a real or a whole number; zeros speak for nothing. Several structs of one kind tell more than one, and what is equal in all of them is marked.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED, ENOENT, EAMBIGUOUS.
---
---```lua
---local g = game:guess({entities, entities + 0x40, entities + 0x80}, 0x40)
---print(g)
---local Entity = g:layout()
---print(g[2].kind, g[2].constant, game:view(entities, Entity).i32_04)  --> integer false 100
---```
---@param addresses integer|string|pvm.path|(integer|string|pvm.path)[] address or list of addresses: first byte, or a list of them: several structs of one kind
---@param size? integer integer, 1 to 65536: how many bytes to look at (default 256)
---@return pvm.guess guess # the fields, with how sure each is
function process:guess(addresses, size) end

---Like `guess`, but returns nil and the error of a failure.
---@param addresses integer|string|pvm.path|(integer|string|pvm.path)[] address or list of addresses: first byte, or a list of them: several structs of one kind
---@param size? integer integer, 1 to 65536: how many bytes to look at (default 256)
---@return pvm.guess? guess
---@return pvm.error? err
function process:try_guess(addresses, size) end

---Read text up to its terminating zero.
---
---Read page by page, so text at the end of a mapping is found. What was readable is kept; only when not even the first unit can be read is that an error. Units that are no text become U+FFFD; utf8 and bytes are passed on unchanged.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(game:read_string(name_utf16, {encoding="utf16le"}))
---```
---@param address integer address: first byte
---@param options? pvm.process.read_string.options table of options: how it is stored (may be left out)
---@return string text # in UTF-8, without the zero
---@return boolean terminated # whether the zero was found
function process:read_string(address, options) end

---Like `read_string`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param options? pvm.process.read_string.options table of options: how it is stored (may be left out)
---@return string? text
---@return boolean|pvm.error terminated_or_err
function process:try_read_string(address, options) end

---Write text, and the zero behind it.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EINVAL.
---
---```lua
---print(game:write_string(scratch, "hello"))  --> 6
---```
---@param address integer address: first byte
---@param text string UTF-8
---@param options? pvm.process.write_string.options table of options: how to store it (may be left out)
---@return integer count # how many bytes were written, the zero included
function process:write_string(address, text, options) end

---Like `write_string`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param text string UTF-8
---@param options? pvm.process.write_string.options table of options: how to store it (may be left out)
---@return integer? count
---@return pvm.error? err
function process:try_write_string(address, text, options) end

---process_vm_readv(2), one to one.
---
---The remote ranges and the buffers need not be split at the same places. It stops at the first page that cannot be read; what follows is not tried. More than 1024 elements (IOV_MAX) are refused, as the system call does; `read` and `scatter` have no such limit.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED, EINVAL.
---
---```lua
---local two, n = game:readv({10, 10}, {{scratch, 20}})
---```
---@param local_sizes integer[] list of byte counts: sizes of the buffers to fill, at most 1024
---@param remote integer[][] list of {address, count}: { {address, count}, ... }, at most 1024
---@return string[] buffers # filled in order; cut where it stopped
---@return integer count # bytes transferred, as the call returns
function process:readv(local_sizes, remote) end

---Like `readv`, but returns nil and the error of a failure.
---@param local_sizes integer[] list of byte counts: sizes of the buffers to fill, at most 1024
---@param remote integer[][] list of {address, count}: { {address, count}, ... }, at most 1024
---@return string[]? buffers
---@return integer|pvm.error count_or_err
function process:try_readv(local_sizes, remote) end

---process_vm_writev(2), one to one.
---
---Stops at the first page that the target itself could not write, and what was written stays. `write` and plans write all or nothing.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EINVAL.
---
---```lua
---print(game:writev({"ab", "cd"}, {{scratch, 4}}))  --> 4
---```
---@param local_bytes string[] list of strings: strings to take the bytes from, at most 1024
---@param remote integer[][] list of {address, count}: { {address, count}, ... }, at most 1024
---@param options? pvm.process.writev.options table of options: how to write (may be left out)
---@return integer count # bytes transferred, as the call returns
function process:writev(local_bytes, remote, options) end

---Like `writev`, but returns nil and the error of a failure.
---@param local_bytes string[] list of strings: strings to take the bytes from, at most 1024
---@param remote integer[][] list of {address, count}: { {address, count}, ... }, at most 1024
---@param options? pvm.process.writev.options table of options: how to write (may be left out)
---@return integer? count
---@return pvm.error? err
function process:try_writev(local_bytes, remote, options) end

---Plan the reading and writing of many typed places, once.
---
---Neighbours are read as one range and up to 1024 ranges by one system call. Types are scalars, with a count for arrays, and "bytes" or text with their size in bytes. An address may be a path, which is followed anew at each reading and writing.
---
---Raises EINVAL, E2BIG, ECLOSED.
---
---```lua
---local plan = game:scatter{ hp={health,"i32"}, pos={pos,"f32",3}, name={name_utf8,"cstr",32} }
---local v = plan:read()
---print(v.hp, v.pos[1], v.name)
---```
---@param items table table of places: { {address, type [, count]}, name = {...}, ... }
---@return pvm.plan object # to be read and written as often as wanted
function process:scatter(items) end

---Like `scatter`, but returns nil and the error of a failure.
---@param items table table of places: { {address, type [, count]}, name = {...}, ... }
---@return pvm.plan? object
---@return pvm.error? err
function process:try_scatter(items) end

---A typed place, to read and assign by `.value`.
---
---A path is an expression or a pvm.path. `hold=0.016` follows it once a tick of a game, and anew when the time is up. Freezing takes the address it leads to at that moment.
---
---`game:cell("hero.health")` takes address and type from the debug information (DWARF) of the program; see `variable` for how parts of a variable are named.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, ENOENT, EAMBIGUOUS, EFAULT, EINVAL.
---
---```lua
---local hp = game:cell(health, "i32")
---hp.value = hp.value + 1
---local same = game:cell(string.format("[[[%#x]+0x10]+8]", root), "i32")
---print(same.value == hp.value)  --> true
---```
---@param place integer|string|pvm.path address, expression or pvm.path: first byte, or a path to it, which is followed at each use; with no type a variable
---@param type? pvm.scalar what it is; nil: as debug information says (may be left out)
---@param options? pvm.process.cell.options table of options: for a path (may be left out)
---@return pvm.cell object # the place
function process:cell(place, type, options) end

---Like `cell`, but returns nil and the error of a failure.
---@param place integer|string|pvm.path address, expression or pvm.path: first byte, or a path to it, which is followed at each use; with no type a variable
---@param type? pvm.scalar what it is; nil: as debug information says (may be left out)
---@param options? pvm.process.cell.options table of options: for a path (may be left out)
---@return pvm.cell? object
---@return pvm.error? err
function process:try_cell(place, type, options) end

---Follow a chain of pointers: read a pointer, add an offset, and so on.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EFAULT.
---
---```lua
---print(game:resolve(root, 0x10, 0x8, 0) == health)
---```
---@param base integer address: where the first pointer lies
---@param ... integer offsets: added after each pointer, in bytes
---@return integer address # [[base]+first]+second ...; nothing is read there
function process:resolve(base, ...) end

---Like `resolve`, but returns nil and the error of a failure.
---@param base integer address: where the first pointer lies
---@param ... integer offsets: added after each pointer, in bytes
---@return integer? address
---@return pvm.error? err
function process:try_resolve(base, ...) end

---Follow many chains or paths, all pointers of one level in one gather.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local addresses = game:resolve_all{ {root, 0x10, 0x8, 0} }
---```
---@param chains (integer[]|string|pvm.path)[] list of {base, offset, ...} or paths: { {base, offset, ...}, path, "[game+8]+4", ... }, at most a million
---@return (integer|false)[] addresses # false for a broken chain
---@return table<integer, pvm.error>? broken # the error of each broken chain, with hop; nil when none broke
function process:resolve_all(chains) end

---Like `resolve_all`, but returns nil and the error of a failure.
---@param chains (integer[]|string|pvm.path)[] list of {base, offset, ...} or paths: { {base, offset, ...}, path, "[game+8]+4", ... }, at most a million
---@return ((integer|false)[])? addresses
---@return table<integer, pvm.error>?|pvm.error broken_or_err
function process:try_resolve_all(chains) end

---Copy bytes within the process.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:copy(scratch + 64, scratch, 16)
---```
---@param to integer address: first byte of the destination
---@param from integer address: first byte of the source; the two may overlap
---@param count integer integer, 0 to 1073741824: how many
---@param options? pvm.process.copy.options table of options: how to write (may be left out)
function process:copy(to, from, count, options) end

---Like `copy`, but returns nil and the error of a failure.
---@param to integer address: first byte of the destination
---@param from integer address: first byte of the source; the two may overlap
---@param count integer integer, 0 to 1073741824: how many
---@param options? pvm.process.copy.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_copy(to, from, count, options) end

---Write one pattern over and over.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---game:fill(scratch, 64, "ab")
---```
---@param address integer address: first byte
---@param count integer integer, 0 to 1073741824: how many bytes; the last repeat may be cut
---@param pattern? integer|string byte or string: a byte (0 to 255), or a string (default 0)
---@param options? pvm.process.fill.options table of options: how to write (may be left out)
function process:fill(address, count, pattern, options) end

---Like `fill`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param count integer integer, 0 to 1073741824: how many bytes; the last repeat may be cut
---@param pattern? integer|string byte or string: a byte (0 to 255), or a string (default 0)
---@param options? pvm.process.fill.options table of options: how to write (may be left out)
---@return true? ok
---@return pvm.error? err
function process:try_fill(address, count, pattern, options) end

---Compare two ranges, or a range with bytes of our own.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---print(game:compare(scratch, game:read(scratch, 16)))  --> true nil
---```
---@param address integer address: first byte
---@param with string|integer string or address: bytes, or the address of the other range
---@param count? integer integer, 0 to 1073741824: how many; the length of the bytes when left out (may be left out)
---@return boolean equal # whether they are equal
---@return integer? at # the offset of the first difference, from 0; nil: none
function process:compare(address, with, count) end

---Like `compare`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param with string|integer string or address: bytes, or the address of the other range
---@param count? integer integer, 0 to 1073741824: how many; the length of the bytes when left out (may be left out)
---@return boolean? equal
---@return integer?|pvm.error at_or_err
function process:try_compare(address, with, count) end

---Find values.
---
---Searches private memory that can be written, unless `perms` says otherwise or a place is named (`kind`, `file`, `module`, `range`), where everything readable is searched. Pages nobody ever wrote are not read, shared pages stay shared, and what could not be read is in `hits.holes`. With {unknown=true} every value is a hit, to be compared later. Groups: "int" takes i8 to i64, or the unsigned type where only that holds the value; "float" f32 and f64; "any" both.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", game:read_i32(health))
---print(hits:has(health), hits.complete)  --> true true
---local floats = game:scan("f32", {between={1.5, 2.5}, perms="rw"})
---```
---@param type pvm.scalar|"any"|"int"|"float" what to look for; groups take the types that can hold the value
---@param value? number|boolean|table value, or table of options: the value; or options in its place (default nil)
---@param options? pvm.process.scan.options table of options: what, where and how (may be left out)
---@return pvm.hits hits # what was found
function process:scan(type, value, options) end

---Like `scan`, but returns nil and the error of a failure.
---@param type pvm.scalar|"any"|"int"|"float" what to look for; groups take the types that can hold the value
---@param value? number|boolean|table value, or table of options: the value; or options in its place (default nil)
---@param options? pvm.process.scan.options table of options: what, where and how (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function process:try_scan(type, value, options) end

---Find a byte pattern.
---
---Two hexadecimal digits a byte; ? for a digit or a byte that may be anything; text in quotes; after a colon a mask, one byte for each of the pattern or one for all. Searches where `scan` does: name perms="x" or module= to search code.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(#game:find("'PVMWORLD'", {perms="rw"}) >= 1)  --> true
---```
---@param pattern string byte pattern: "48 8b ?? 4? : ff ff 00 f0", "'MZ' ??"
---@param options? pvm.process.find.options table of options: where and how to search (may be left out)
---@return pvm.hits hits # places where it stands; each is a cell whose value is the bytes
function process:find(pattern, options) end

---Like `find`, but returns nil and the error of a failure.
---@param pattern string byte pattern: "48 8b ?? 4? : ff ff 00 f0", "'MZ' ??"
---@param options? pvm.process.find.options table of options: where and how to search (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function process:try_find(pattern, options) end

---Find many byte patterns in one pass.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local found = game:find_all({magic="'PVMWORLD'", hurt="29 f0"}, {perms="r"})
---print(found.types.magic >= 1, found.types.hurt >= 1)  --> true true
---```
---@param patterns table<string, string> table of byte patterns: {name = pattern, ...}, or a list
---@param options? pvm.process.find_all.options table of options: where and how to search (may be left out)
---@return pvm.hits hits # kept apart by name: `cell.type` and `hits.types` tell which
function process:find_all(patterns, options) end

---Like `find_all`, but returns nil and the error of a failure.
---@param patterns table<string, string> table of byte patterns: {name = pattern, ...}, or a list
---@param options? pvm.process.find_all.options table of options: where and how to search (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function process:try_find_all(patterns, options) end

---Find text.
---
---Several encodings are searched in one pass and kept apart. Without regard to case, letters are found in each case that takes as many bytes: not ß as SS.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:find_string(game:read_string(name_utf8), {nocase=true})
---print(hits:has(name_utf8))  --> true
---```
---@param text string in UTF-8
---@param options? pvm.process.find_string.options table of options: how it is stored, where and how to search (may be left out)
---@return pvm.hits hits # places where it starts; each is a cell whose value is the text
function process:find_string(text, options) end

---Like `find_string`, but returns nil and the error of a failure.
---@param text string in UTF-8
---@param options? pvm.process.find_string.options table of options: how it is stored, where and how to search (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function process:try_find_string(text, options) end

---Find regular expressions.
---
---The syntax is PCRE's without back-references and look-around. Matches are the leftmost and longest ones and do not overlap, at most `max` bytes long; none goes over memory that cannot be read. Several expressions are searched in one pass and kept apart by name.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(game:find_regex("PVM[A-Z]+")[1].value)  --> PVMWORLD
---```
---@param expression string|table<string, string> regular expression, or table of them: one, or {name = expression, ...}
---@param options? pvm.process.find_regex.options table of options: how to read it, where and how to search (may be left out)
---@return pvm.hits hits # where they match; each is a cell whose value is the text that matched
function process:find_regex(expression, options) end

---Like `find_regex`, but returns nil and the error of a failure.
---@param expression string|table<string, string> regular expression, or table of them: one, or {name = expression, ...}
---@param options? pvm.process.find_regex.options table of options: how to read it, where and how to search (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function process:try_find_regex(expression, options) end

---Read hits that `hits.save` wrote, also in another run of the program.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EACCES, ENOENT.
---
---```lua
---local path = os.tmpname()
---game:scan("i32", game:read_i32(health)):save(path)
---local hits, lost = game:load_hits(path)
---print(#hits > 0, lost)  --> true 0
---os.remove(path)
---```
---@param path string path: the file
---@return pvm.hits hits # those whose places were found
---@return integer lost # how many were not: what they lay in is not there
function process:load_hits(path) end

---Like `load_hits`, but returns nil and the error of a failure.
---@param path string path: the file
---@return pvm.hits? hits
---@return integer|pvm.error lost_or_err
function process:try_load_hits(path) end

---Find structs by what is known of their fields.
---
---A field is {type, value}, or {type} with a comparison of `scan` such as between={1, 9}, and perhaps more options of it such as digits=1; or {"bytes", pattern}, with patterns as in `find`; or {"ptr"} with what is known of where it leads. A ptr with nothing else leads to anything mapped. With inverted=true a field is what it would otherwise not be. Where pointers lead is looked up after everything else. Refining the hits tests all fields anew. The options of a ptr:
---- `into`: where it leads: kinds joined by |, a module, {first, behind}, or options as `regions` takes them; anything mapped by default
---- `string`: it leads to this text, given in UTF-8
---- `text`: it leads to at least so many printable characters
---- `encoding`: how `string` or `text` is stored; utf8 by default
---- `terminated`: whether a zero must end `string`; it must by default
---- `to`: it leads to {type, value, comparison options} or {"bytes", pattern}
---- `null`: whether a null pointer will do too
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, ENOENT.
---
---```lua
---local imps = game:find_struct({ size=64,
---  [0x00] = {"u32", less=24},
---  [0x04] = {"i32", between={100, 330}},
---  [0x18] = {"ptr", to={"i32", game:read_i32(health)}, null=true},
---  [0x20] = {"bytes", "'imp-'"},
---}, {range={entities, entities + 24 * 64}})
---print(#imps, imps[1].address == entities)  --> 24 true
---```
---@param fields { size: integer, align: integer?, [integer]: table } table of fields by their offsets: {size=, align=, [offset]={type, value, options...}, ...}; all must hold
---@param options? pvm.process.find_struct.options table of options: where and how to search (may be left out)
---@return pvm.hits hits # where the structs start; each is a cell whose value is the bytes
function process:find_struct(fields, options) end

---Like `find_struct`, but returns nil and the error of a failure.
---@param fields { size: integer, align: integer?, [integer]: table } table of fields by their offsets: {size=, align=, [offset]={type, value, options...}, ...}; all must hold
---@param options? pvm.process.find_struct.options table of options: where and how to search (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function process:try_find_struct(fields, options) end

---Find values that lie near each other, as the fields of one struct do.
---
---No two of the values share a byte; equal ones are found at as many places. There is one group for each value that can be the lowest of one, the others as near to it as can be.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits, groups = game:find_group(
---  { {"i32", game:read_i32(gold)}, {"i32", game:read_i32(health)}, {"f32", 1.0} },
---  {within=64})
---print(hits:has(health), hits:has(gold))  --> true true
---for _, group in ipairs(groups) do
---  if group[2] == health then print(group[1] - group[2]) end  --> 4
---end
---```
---@param values table[] list of {type, value, ...}: 2 to 12 of {type, value}, or {type} with a comparison of `scan`, such as less=5
---@param options? pvm.process.find_group.options table of options: how near, where and how to search (may be left out)
---@return pvm.hits hits # every value that is part of a group, kept apart as written
---@return table[] groups # by address, each {first, second, ..., start=}: where each value lies, and the lowest
---@return boolean cut_short # whether there are more groups than `limit`
function process:find_group(values, options) end

---Like `find_group`, but returns nil and the error of a failure.
---@param values table[] list of {type, value, ...}: 2 to 12 of {type, value}, or {type} with a comparison of `scan`, such as less=5
---@param options? pvm.process.find_group.options table of options: how near, where and how to search (may be left out)
---@return pvm.hits? hits
---@return table[]|pvm.error groups_or_err
---@return boolean? cut_short
function process:try_find_group(values, options) end

---Find who points at an address, or into a range.
---
---Pointers are looked for where `scan` looks for values: name perms="r" or a module to find those in read-only data.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local pointers = game:references(player)
---print(#pointers >= 1, pointers[1].value == player)  --> true true
---local inside = game:references(player, {span=64})
---print(#inside >= #pointers)  --> true
---```
---@param address integer address: what is pointed at
---@param options? pvm.process.references.options table of options: what is pointed at, where and how to search (may be left out)
---@return pvm.hits hits # the pointers; the value of each is where it leads
function process:references(address, options) end

---Like `references`, but returns nil and the error of a failure.
---@param address integer address: what is pointed at
---@param options? pvm.process.references.options table of options: what is pointed at, where and how to search (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function process:try_references(address, options) end

---Watch typed places of this process from one moment to the next.
---
---A place is a cell, or a hit of a search, or a table as `scatter` takes it; with {base, offset, ...} or a path (pvm.path, or its text) for its address it lies at the end of pointers, which are followed anew each time. Snapshots and files can be watched too, but do not change.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, E2BIG, ENOMEM.
---
---```lua
---local w = game:watch{ gold={gold, "i32"}, hp={{root, 0x10, 0x8, 0}, "i32"} }
---game:write_i32(gold, 260)
---w:update()
---print(w:rose("gold"), w.old.gold, w.gold, w.hp)  --> true 250 260 100
---```
---@param places table { name = {address, type [, count]}, other = cell, ... }
---@return pvm.watcher watcher # already read once
function process:watch(places) end

---Like `watch`, but returns nil and the error of a failure.
---@param places table { name = {address, type [, count]}, other = cell, ... }
---@return pvm.watcher? watcher
---@return pvm.error? err
function process:try_watch(places) end

---Look at memory for a while and list the values that changed, by how they did.
---
---A counter moved at least three times, always in one direction and by much the same step; "rising" and "falling" only kept to one direction; "toggling" went between two values; "once" changed a single time; "noisy" is the rest. Values that never changed cost nothing but their bytes: at most 1 GiB. Ctrl-C, and the end of the process, give what was found until then.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, E2BIG, ENOMEM, ENOSPC.
---
---```lua
---local t = game:track({player, 64}, 60, {every=0, progress=function(p)
---  game:write_i32(gold, 250 + 10 * p.samples)
---  return p.samples < 10
---end})
---print(t[1].behaviour, t[1].step, t[1].address == gold)  --> counter 10.0 true
---```
---@param where integer[]|pvm.region|pvm.hits|table {address, count}, a pvm.region, a table that chooses mappings, or pvm.hits: {address, count}; a mapping; {kind="heap"} and the like; or the hits of a search
---@param seconds number seconds: for how long; there are at least two samples
---@param options? pvm.process.track.options table of options: what and how (may be left out)
---@return pvm.track track # the values that changed
function process:track(where, seconds, options) end

---Like `track`, but returns nil and the error of a failure.
---@param where integer[]|pvm.region|pvm.hits|table {address, count}, a pvm.region, a table that chooses mappings, or pvm.hits: {address, count}; a mapping; {kind="heap"} and the like; or the hits of a search
---@param seconds number seconds: for how long; there are at least two samples
---@param options? pvm.process.track.options table of options: what and how (may be left out)
---@return pvm.track? track
---@return pvm.error? err
function process:try_track(where, seconds, options) end

---List the freezes of this process that go on.
---
---```lua
---game:cell(health, "i32"):freeze(100)
---for _, freeze in ipairs(game:freezes()) do
---  print(freeze.value, freeze.mode)  --> 100 hold
---  freeze:release()
---end
---```
---@return pvm.freeze[] freezes # in the order they were made
function process:freezes() end

---Hash memory, so that a change is seen without keeping a copy.
---
---With an address every byte must be readable. With a table mappings are hashed one after the other, and what cannot be read, or not without harm, is left out and listed. Pages that nobody ever wrote count as the zeroes they are, and are not read.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED, EINTERRUPTED.
---
---```lua
---local before = game:hash(scratch, 4096)
---game:write(scratch, "x")
---print(game:hash(scratch, 4096) == before)  --> false
---print(select(2, game:hash({module="pvm-target", perms="r-xp"}, nil, "xxh64")) > 0)  --> true
---```
---@param where integer|pvm.region|table address, mapping or table: first byte; or a mapping; or a table that chooses mappings, as for `process.regions`
---@param count? integer integer, at least 0: how many bytes, after an address (may be left out)
---@param algorithm? "sha256"|"xxh64" "sha256", as sha256sum prints it, or "xxh64", which is many times faster (default sha256)
---@return string hash # hexadecimal digits
---@return integer bytes # how many bytes went in
---@return integer[][]? unread # {first, behind} of what could not be read; nil when all was
function process:hash(where, count, algorithm) end

---Like `hash`, but returns nil and the error of a failure.
---@param where integer|pvm.region|table address, mapping or table: first byte; or a mapping; or a table that chooses mappings, as for `process.regions`
---@param count? integer integer, at least 0: how many bytes, after an address (may be left out)
---@param algorithm? "sha256"|"xxh64" "sha256", as sha256sum prints it, or "xxh64", which is many times faster (default sha256)
---@return string? hash
---@return integer|pvm.error bytes_or_err
---@return integer[][]? unread
function process:try_hash(where, count, algorithm) end

---Write memory to a file, byte by byte.
---
---Zeroes take no room on disk. An error leaves whatever had the name before as it was.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED, EINTERRUPTED, EINVAL, EACCES, ENOENT, ENOSPC.
---
---```lua
---local path = os.tmpname()
---print(game:dump(scratch, 4096, path))  --> 4096 nil
---print(game:load(path, scratch + 8192))  --> 4096
---print(game:compare(scratch, scratch + 8192, 4096))  --> true nil
---os.remove(path)
---```
---@param address integer address: first byte
---@param count integer integer, at least 0: how many bytes
---@param path string path: an ordinary file, which is replaced once all is written
---@param options? pvm.process.dump.options table of options: how to write (may be left out)
---@return integer bytes # the length of the file
---@return integer[][]? unread # {first, behind} of what could not be read; nil when all was
function process:dump(address, count, path, options) end

---Like `dump`, but returns nil and the error of a failure.
---@param address integer address: first byte
---@param count integer integer, at least 0: how many bytes
---@param path string path: an ordinary file, which is replaced once all is written
---@param options? pvm.process.dump.options table of options: how to write (may be left out)
---@return integer? bytes
---@return integer[][]?|pvm.error unread_or_err
function process:try_dump(address, count, path, options) end

---Write the bytes of a file into memory: all of them, or none.
---
---Nothing is written unless the process itself may write everything up to the last byte.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EINVAL, EACCES, ENOENT, E2BIG.
---
---```lua
---local path = os.tmpname()
---io.open(path, "w"):write("from a file"):close()
---print(game:load(path, scratch), game:read(scratch, 6))  --> 11 from a
---os.remove(path)
---```
---@param path string path: an ordinary file of at most 1 GiB
---@param address integer address: where its first byte goes
---@param options? pvm.process.load.options table of options: how to write (may be left out)
---@return integer count # how many bytes were written
function process:load(path, address, options) end

---Like `load`, but returns nil and the error of a failure.
---@param path string path: an ordinary file of at most 1 GiB
---@param address integer address: where its first byte goes
---@param options? pvm.process.load.options table of options: how to write (may be left out)
---@return integer? count
---@return pvm.error? err
function process:try_load(path, address, options) end

---Compare code and constants with the files they were loaded from.
---
---`file` holds what ought to be there, the file's bytes as the loader changes them, and `memory` what is there; of long places both hold the first 4096 bytes. Places with fewer than 8 equal bytes between them are one. Relocations are accounted for; what only the loader knows, such as where another module's function lies, is left out and counted as `unchecked`. PE files mapped by Wine are compared by sections. A module whose file is gone or was replaced is listed in `modules` with why it was `skipped`.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, ENOENT, EAMBIGUOUS, EINTERRUPTED.
---
---```lua
---local found = game:modified("pvm-target")
---print(#found)  --> 0
---for _, place in ipairs(found) do
---  print(("%x %s %s"):format(place.address, place.module, place.section), place.size)
---end
---```
---@param module? string path, base name, or base name without its version; all when left out (may be left out)
---@return pvm.modified object # the places that differ: patched, hooked or damaged code
function process:modified(module) end

---Like `modified`, but returns nil and the error of a failure.
---@param module? string path, base name, or base name without its version; all when left out (may be left out)
---@return pvm.modified? object
---@return pvm.error? err
function process:try_modified(module) end

---Show code as instructions.
---
---Needs the library capstone (the trait Disassembly). Bytes that are no instruction, or one the library does not know, show as `(bad)`. Works on snapshots and core files too.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EFAULT, EINVAL, ENOTSUP, E2BIG.
---
---```lua
---local code = game:disassemble(take_damage_sub, 1)
---print(code[1].text, code.size)  --> sub eax, esi 2
---print(game:disassemble(take_damage, {bytes=16, syntax="att"}))
---```
---@param address integer address: first byte of the first one
---@param count? integer|table integer, 0 to 100000: how many; or options in its place (default 10)
---@param options? pvm.process.disassemble.options table of options: how much, and how it is written (may be left out)
---@return pvm.code object # the instructions; print it for a listing
function process:disassemble(address, count, options) end

---Like `disassemble`, but returns nil and the error of a failure.
---@param address integer address: first byte of the first one
---@param count? integer|table integer, 0 to 100000: how many; or options in its place (default 10)
---@param options? pvm.process.disassemble.options table of options: how much, and how it is written (may be left out)
---@return pvm.code? object
---@return pvm.error? err
function process:try_disassemble(address, count, options) end

---What the instruction at an address names by a distance, or by an address.
---
---For `call qword ptr [rip + 8]` it is the place of the pointer, for `lea rax, [rip + 8]` and `jmp 0x401000` the address itself.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EFAULT, EINVAL, ENOTSUP.
---
---```lua
---print(game:rip_target(take_damage_sub))  --> nil
---```
---@param address integer address: first byte of the instruction
---@param options? pvm.process.rip_target.options table of options: of which width (may be left out)
---@return integer? target # where it branches to, or the memory that it uses; nil: neither
function process:rip_target(address, options) end

---Like `rip_target`, but returns nil and the error of a failure.
---@param address integer address: first byte of the instruction
---@param options? pvm.process.rip_target.options table of options: of which width (may be left out)
---@return integer? target
---@return pvm.error? err
function process:try_rip_target(address, options) end

---Turn instructions as text into bytes.
---
---Runs the GNU assembler, `as`, of Debian's package binutils. Numbers after jumps and calls are addresses; `[rip + name]` reaches a name of `symbols`. Labels and directives for data (`.byte`, `.quad`, `.balign`) may be used; those that read files, and quotes, are refused.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ENOTSUP, ETIMEDOUT, EINTERRUPTED.
---
---```lua
---local bytes = game:assemble(take_damage_sub, "xor eax, eax; jmp hit", {symbols={hit=player}})
---print(#bytes)  --> 7
---```
---@param address integer address: where the first byte will lie
---@param text string instructions, separated by lines or ;
---@param options? pvm.process.assemble.options table of options: how it is written (may be left out)
---@return string bytes # the instructions; nothing is written
function process:assemble(address, text, options) end

---Like `assemble`, but returns nil and the error of a failure.
---@param address integer address: where the first byte will lie
---@param text string instructions, separated by lines or ;
---@param options? pvm.process.assemble.options table of options: how it is written (may be left out)
---@return string? bytes
---@return pvm.error? err
function process:try_assemble(address, text, options) end

---Make the shortest pattern that finds code again.
---
---Distances of 4 bytes to other code and data, and numbers that are addresses of something mapped, are left open, since they change with the next build or the next run. Without a place among the options it is unique in the module of the address. ENOENT: `max` bytes are not enough; begin somewhere else, or raise it.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EFAULT, EINVAL, ENOTSUP, ENOENT, EINTERRUPTED, ENOMEM.
---
---```lua
---local pattern = game:signature(take_damage_sub)
---local hits = game:find(pattern, {module="pvm-target"})
---print(#hits, hits[1].address == take_damage_sub)  --> 1 true
---```
---@param address integer address: first byte of an instruction
---@param options? pvm.process.signature.options table of options: how long, and where it must stand nowhere else (may be left out)
---@return string text # a pattern for `find`, which stands nowhere else in the module
function process:signature(address, options) end

---Like `signature`, but returns nil and the error of a failure.
---@param address integer address: first byte of an instruction
---@param options? pvm.process.signature.options table of options: how long, and where it must stand nowhere else (may be left out)
---@return string? text
---@return pvm.error? err
function process:try_signature(address, options) end

---Copy what the process holds at this moment.
---
---Takes all that can be read without harm, unless `perms` and its like choose. Pages nobody ever wrote are not stored and read as zeroes, equal pages are stored once, and pages still equal to those of the snapshot taken before of this process are shared with it, as long as a script holds that. The process goes on meanwhile, so pages are of different moments, unless `paused=true` freezes it. What could not be read is in `holes`. Every function that reads, scans and finds works on a snapshot.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, ETIMEDOUT.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(health, game:read_i32(health) + 1)
---print(game:read_i32(health) - before:read_i32(health), before.kind)  --> 1 snapshot
---```
---@param options? pvm.process.snapshot.options table of options: what to take and how (may be left out)
---@return pvm.process process # the snapshot; it reads like the process and never changes
function process:snapshot(options) end

---Like `snapshot`, but returns nil and the error of a failure.
---@param options? pvm.process.snapshot.options table of options: what to take and how (may be left out)
---@return pvm.process? process
---@return pvm.error? err
function process:try_snapshot(options) end

---Write memory to an ELF core file, which gdb and others open too.
---
---A live process is written straight from its memory while it goes on; with `paused=true`, `base` or `memory` it is captured first, as by `snapshot`. Of a snapshot or core the options but `progress` are refused. Registers are in it only with `paused=true`. Pages of zeroes take no room on disk. Nothing is left behind when it does not succeed.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, ETIMEDOUT, EACCES, ENOENT, ENOSPC.
---
---```lua
---local path = os.tmpname()
---game:save(path, {paused=true})
---print(pvm.open(path):module("pvm-target").base == module)  --> true
---os.remove(path)
---```
---@param path string path: where to; a file of that name is replaced when all is written
---@param options? pvm.process.save.options table of options: what to take and how (may be left out)
---@return integer bytes # how many bytes of memory the file holds
function process:save(path, options) end

---Like `save`, but returns nil and the error of a failure.
---@param path string path: where to; a file of that name is replaced when all is written
---@param options? pvm.process.save.options table of options: what to take and how (may be left out)
---@return integer? bytes
---@return pvm.error? err
function process:try_save(path, options) end

---Tell what is not the same in this memory, the earlier, and another, the later.
---
---A live process is read and compared block by block, and what has changed of it is kept; where the two lie at different addresses it is captured first. What only one of the two holds is not compared but counted in `stats`. Without `type` single bytes are compared; `d:ranges()` gives runs of them. With align="modules" two processes, or two runs of a program, can be compared although all lies elsewhere: by path and place in the module, heap, stack, and the rest by its order. Addresses are always those of the later memory.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(health, game:read_i32(health) - 5)
---local d = before:diff(game, {type="i32"})
---print(d:at(health).new - d:at(health).old)  --> -5
---print(#d:decreased_by(5) >= 1, #d:increased():where{module="pvm-target"} >= 0)
---```
---@param with pvm.process a process, a snapshot or a core file
---@param options? pvm.process.diff.options table of options: what to compare, and how (may be left out)
---@return pvm.diff diff # what has changed
function process:diff(with, options) end

---Like `diff`, but returns nil and the error of a failure.
---@param with pvm.process a process, a snapshot or a core file
---@param options? pvm.process.diff.options table of options: what to compare, and how (may be left out)
---@return pvm.diff? diff
---@return pvm.error? err
function process:try_diff(with, options) end

---Put memory back as it was: write old bytes where they differ, and check them.
---
---Of a diff only its cells are put back, so that filters say what. Every mapping has an outcome; those that are gone, cannot be written or are changed again by the process at once have an `error`. Pause the process where a mixture of old and new would hurt it. What neither then nor now was ever written is not looked at.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EREADONLY.
---
---```lua
---local before = game:snapshot{perms="rw"}
---local value = game:read_i32(health)
---game:write_i32(health, value + 1)
---local d = before:diff(game, {type="i32", range={health, health + 4}})
---local outcomes, written = game:restore(d)
---print(game:read_i32(health) == value, written)  --> true 1
---```
---@param to pvm.process|pvm.diff snapshot, core file or diff: a snapshot or core file of this process, or a diff
---@param options? pvm.process.restore.options table of options: where (may be left out)
---@return table[] outcomes # of each mapping {address=, size=, region=, changed=, written=, unreadable=, error=}
---@return integer written # how many bytes were written
function process:restore(to, options) end

---Like `restore`, but returns nil and the error of a failure.
---@param to pvm.process|pvm.diff snapshot, core file or diff: a snapshot or core file of this process, or a diff
---@param options? pvm.process.restore.options table of options: where (may be left out)
---@return table[]? outcomes
---@return integer|pvm.error written_or_err
function process:try_restore(to, options) end

---Write what a diff's cells have in its later memory, where they differ.
---
---A diff as a patch: `restore` takes it back.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EREADONLY.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(health, 7)
---local d = before:diff(game, {type="i32", range={health, health + 4}})
---game:restore(d)
---game:apply(d)
---print(game:read_i32(health))  --> 7
---```
---@param changes pvm.diff the cells
---@param options? pvm.process.apply.options table of options: where (may be left out)
---@return table[] outcomes # of each mapping {address=, size=, region=, changed=, written=, unreadable=, error=}
---@return integer written # how many bytes were written
function process:apply(changes, options) end

---Like `apply`, but returns nil and the error of a failure.
---@param changes pvm.diff the cells
---@param options? pvm.process.apply.options table of options: where (may be left out)
---@return table[]? outcomes
---@return integer|pvm.error written_or_err
function process:try_apply(changes, options) end

---A list of mappings in the order of their addresses, from 1 to #list.
---@class pvm.regions
---@field [integer] pvm.region? the i-th mapping; nil outside
---@operator len: integer
local regions = {}

---One mapping of a process, as it was when asked for.
---@class pvm.region
---@field start integer first address (read only)
---@field stop integer first address behind it (read only)
---@field size integer bytes (read only)
---@field perms string rwx, and s for shared or p for private (read only)
---@field kind string heap, stack, anon, file, shared ... (read only)
---@field name string file or [name] as the kernel gives it (read only)
---@field offset integer where it begins in its file (read only)
---@field inode integer inode of its file, or 0 (read only)
---@operator len: integer
local region = {}

---A mapped file: a program, a library, the kernel's [vdso], or data. As it was when asked for.
---@class pvm.module
---@field name string last part of the path (read only)
---@field path string as the kernel gives it (read only)
---@field base integer first address (read only)
---@field stop integer first address behind it, bss included (read only)
---@field size integer bytes from base to stop, as its headers say (read only)
---@field deleted boolean whether its file was deleted or replaced (read only)
---@field file string what became of its file: same, deleted, replaced, missing, or none where there never was one (read only)
---@field format string elf, pe (as Wine maps it) or data (read only)
---@field arch string? x86_64, i386, aarch64 ... (read only)
---@field bits integer? 32 or 64; nil for data (read only)
---@field build_id string? names one build of it, in hexadecimal (read only)
---@field bias integer what addresses in memory are more than those in its file (read only)
---@field regions pvm.regions its mappings, cut where it ends (read only)
---@field segments table[] {start=, stop=, size=, perms=, offset=, file_size=} each, as headers say (read only)
---@field sections table[] {name=, start=, stop=, size=} each; empty where its file is not there (read only)
---@operator len: integer
local module = {}

---Typed places that are read and written together.
---@class pvm.plan
---@operator len: integer
local plan = {}

---Read all places, in as few system calls as possible.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, ENOMEM.
---
---```lua
---local plan = game:scatter{ {health,"i32"}, {gold,"i32"} }
---local v = plan:read()
---print(v[1], v[2], v:faults())
---plan:read(v)
---```
---@param values? pvm.values an earlier result of this plan, to be filled anew; saves making another (may be left out)
---@return pvm.values values # the values as they were; each may have failed
function plan:read(values) end

---Like `read`, but returns nil and the error of a failure.
---@param values? pvm.values an earlier result of this plan, to be filled anew; saves making another (may be left out)
---@return pvm.values? values
---@return pvm.error? err
function plan:try_read(values) end

---Write some of the places; each has an outcome of its own.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EREADONLY.
---
---```lua
---local plan = game:scatter{ hp={health,"i32"} }
---print(plan:write{ hp=100 })  --> 1 nil
---```
---@param values table new values by the keys of the plan
---@param options? pvm.plan.write.options table of options: how to write (may be left out)
---@return integer written # how many places were written
---@return table<any, pvm.error>? faults # the error of each place that was not; nil when there is none
function plan:write(values, options) end

---Like `write`, but returns nil and the error of a failure.
---@param values table new values by the keys of the plan
---@param options? pvm.plan.write.options table of options: how to write (may be left out)
---@return integer? written
---@return table<any, pvm.error>?|pvm.error faults_or_err
function plan:try_write(values, options) end

---What a plan read: `values.name`, `values[i]`. A place that could not be read is nil.
---@class pvm.values
---@field [string] any
---@field [integer] any the i-th value; nil: outside, or it failed
---@operator len: integer
local values = {}

---Take a value by its name, also one that is called like a method.
---
---```lua
---local v = game:scatter{ table={gold,"i32"} }:read()
---print(v:get("table"))  --> 250
---```
---@param name string as in the plan
---@return any value # the value; nil when it could not be read
function values:get(name) end

---All values as a plain table with the keys of the plan.
---
---```lua
---local all = game:scatter{ hp={health,"i32"}, gold={gold,"i32"} }:read():table()
---print(all.hp, all.gold)  --> 100 250
---```
---@return table values # failed ones are absent
function values:table() end

---The errors of the places that could not be read.
---
---```lua
---local v = game:scatter{ good={gold,"i32"}, bad={0x10,"i32"} }:read()
---print(v.good, v.bad, v:faults().bad.code)  --> 250 nil EFAULT
---```
---@return table<any, pvm.error>? faults # by the keys of the plan; nil when all was read
function values:faults() end

---A typed place in a process. A hit of a search is one that remembers what it was.
---@class pvm.cell
---@field value number|boolean|string what is there now, read anew each time
---@field address integer first byte; at the end of a path, followed anew (read only)
---@field path pvm.path? the way there; nil for a fixed address (read only)
---@field type string the name of its type (read only)
---@field size integer bytes (read only)
---@field old number|boolean? of a hit: what it was when the search looked (read only)
---@field first number|boolean? of a hit: what the first scan met (read only)
---@field region pvm.region? the mapping it lies in; nil in a gap (read only)
local cell = {}

---Hold the place at a value until it is released.
---
---The value is written now, and again each time it is found to be another; from one look to the next the program can change it. A thread of its own does this, whatever the script does meanwhile, and also when nobody holds the freeze any more: it ends with `release`, with the process, when that runs another program, and with this program. What the place holds then stays.
---
---All freezes of a process are read together, and only what differs is written, by a route that reaches no other process and no other program. A place that cannot be held any more, as its memory is gone, is tried again every second; `report.fault` says why.
---
---Mode "min" writes the value where a lower one is found, "max" where a higher one is, and "range" the limit that was passed. A function is called by `pvm.sleep`, `pvm.poll` and `pvm.run`, at most once in `every` seconds, with the value that is there and the one that is held; what it returns is held from then on, nil changes nothing. Two freezes of the same bytes raise EBUSY.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EREADONLY, ESHARED, ERANGE, EBUSY, EINVAL, EMFILE, EAGAIN.
---
---```lua
---local hp = game:cell(health, "i32"):freeze(999)
---local coins = game:cell(gold, "i32"):freeze(100, {mode="min", every=0.02})
---game:write_i32(health, 1)
---pvm.sleep(0.1)
---print(game:read_i32(health), hp.report.resisted >= 1)  --> 999 true
---hp:release() coins:release()
---```
---@param value? number|boolean|string number, boolean or string: what to hold, or the limit; what is there now when left out (may be left out)
---@param options? pvm.cell.freeze.options table of options: how to hold it (may be left out)
---@return pvm.freeze freeze # what goes on from now
function cell:freeze(value, options) end

---Like `freeze`, but returns nil and the error of a failure.
---@param value? number|boolean|string number, boolean or string: what to hold, or the limit; what is there now when left out (may be left out)
---@param options? pvm.cell.freeze.options table of options: how to hold it (may be left out)
---@return pvm.freeze? freeze
---@return pvm.error? err
function cell:try_freeze(value, options) end

---How a struct lies in memory.
---@class pvm.type
---@field name string what it is called (read only)
local type = {}

---The size in bytes.
---
---```lua
---local Node = pvm.struct{ {"value", "i32"}, {"next", "ptr"} }
---print(Node:size(), Node:size(32))  --> 16 8
---```
---@param bits? integer integer, 32 to 64: 32 or 64 (default 64)
---@return integer count # bytes
function type:size(bits) end

---Where a field lies, in bytes from the start.
---
---```lua
---local T = pvm.cdef[[ struct a { char c; struct { int x, y; } pos; }; ]]
---print(T.a:offset_of("pos.y"))  --> 8
---```
---@param field string its name; "pos.x" for one of a struct inside
---@param bits? integer integer, 32 to 64: 32 or 64 (default 64)
---@return integer offset # bytes
function type:offset_of(field, bits) end

---The fields, in order.
---
---```lua
---local Point = pvm.struct{ {"x", "f32"}, {"y", "f32"} }
---for _, field in ipairs(Point:fields()) do print(field.name, field.offset, field.type) end
---```
---@param bits? integer integer, 32 to 64: 32 or 64 (default 64)
---@return table[] value # {name=, offset=, size=, type=} of each
function type:fields(bits) end

---A struct or an array in a process: `view.hp`, `view.pos[2] = 1.5`, `view.next.hp`. A field is read when it is asked for; a pointer to a struct is followed, and nil when it is null.
---@class pvm.view
---@field [string] any
---@field [integer] any of an array: the i-th element; nil outside
---@operator len: integer
local view = {}

---Read a field by its name, also one that is called like a method.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local T = pvm.struct{ list={4,"i32"} }
---print(game:view(player, T):get("list"))  --> 250
---```
---@param field string its name; "pos.x" and "slots[2]" reach inside
---@return any value # what it holds; a view of a struct, an array, or what a pointer leads to
function view:get(field) end

---Like `get`, but returns nil and the error of a failure.
---@param field string its name; "pos.x" and "slots[2]" reach inside
---@return any? value
---@return pvm.error? err
function view:try_get(field) end

---Write a field by its name, also one that is called like a method.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EINVAL.
---
---```lua
---local T = pvm.struct{ pos={0x10,"f32",3} }
---game:view(player, T):set("pos", {7, 8})
---print(game:read_f32(pos + 4))  --> 8.0
---```
---@param field string as for get
---@param value any any value: a number, text, or a table for a struct or an array
function view:set(field, value) end

---Like `set`, but returns nil and the error of a failure.
---@param field string as for get
---@param value any any value: a number, text, or a table for a struct or an array
---@return true? ok
---@return pvm.error? err
function view:try_set(field, value) end

---Where it lies, or one of its fields.
---
---```lua
---local T = pvm.struct{ pos={0x10,"f32",3} }
---print(game:view(player, T):address_of("pos[2]") == pos + 4)  --> true
---```
---@param field? string as for get; without it: the first byte of all (may be left out)
---@return integer address # the address
function view:address_of(field) end

---A field as a typed place, to be frozen, watched or kept.
---
---```lua
---local T = pvm.struct{ hp={0,"i32"} }
---local hp = game:view(player, T):cell("hp")
---print(hp.value)  --> 100
---```
---@param field string as for get; a single number
---@return pvm.cell object # the place
function view:cell(field) end

---Everything in it as a plain table, in one read.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local T = pvm.struct{ hp={0,"i32"}, pos={0x10,"f32",3} }
---print(game:view(player, T):table().pos[3])  --> 3.0
---```
---@return table value # fields by name; pointers are addresses
function view:table() end

---Like `table`, but returns nil and the error of a failure.
---@return table? value
---@return pvm.error? err
function view:try_table() end

---The same as it is now: all is read at once, and every field comes from that.
---
---One read for the whole struct, however many fields are asked for. What its pointers lead to is read anew.
---
---Raises EFAULT, ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local T = pvm.struct{ hp={0,"i32"} }
---local live = game:view(player, T)
---local before = live:hold()
---game:write_i32(health, 55)
---print(before.hp, live.hp)  --> 100 55
---```
---@return pvm.view object # a view of this moment; what is assigned is written as usual
function view:hold() end

---Like `hold`, but returns nil and the error of a failure.
---@return pvm.view? object
---@return pvm.error? err
function view:try_hold() end

---The structs of a linked list, from this one on: one read for each.
---
---It ends at a null pointer, and where it leads back to its first struct. A pointer that cannot be followed, one that leads back into the middle (ELOOP) and too many structs (E2BIG) end it too; then the second result says so.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local Item = pvm.struct("item", { {"next", "item*"}, {"count", "i32"}, {"pad", "u32"}, {"name", "cstr", 16} })
---local items = game:view(game:read_ptr(inventory), Item):list("next")
---print(#items, items[1].name, items[5].count)  --> 5 sword 13
---```
---@param link string the field that points at the next: "next", "links.next"
---@param options? pvm.view.list.options table of options: how to follow it (may be left out)
---@return pvm.view[] structs # in order, each as it was read
---@return pvm.error? broken # why the list ended early, or nil
function view:list(link, options) end

---Like `list`, but returns nil and the error of a failure.
---@param link string the field that points at the next: "next", "links.next"
---@param options? pvm.view.list.options table of options: how to follow it (may be left out)
---@return pvm.view[]? structs
---@return pvm.error?|pvm.error broken_or_err
function view:try_list(link, options) end

---The structs of a tree, from this one down: one gather for each level.
---
---A field may be an array of pointers. A struct that several pointers lead to comes once, so that circles end.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local Item = pvm.struct("item", { {"next", "item*"}, {"count", "i32"} })
---local items, broken, levels = game:view(game:read_ptr(inventory), Item):tree{"next"}
---print(#items, broken, #levels, items[2].count)  --> 5 nil 5 2
---```
---@param links string[] list of names: the fields that point at children: {"left", "right"}
---@param options? pvm.view.tree.options table of options: how to follow it (may be left out)
---@return pvm.view[] structs # level by level, each as it was read
---@return pvm.error[]? broken # pointers that could not be followed, or nil
---@return integer[] levels # how many there are on each level
function view:tree(links, options) end

---Like `tree`, but returns nil and the error of a failure.
---@param links string[] list of names: the fields that point at children: {"left", "right"}
---@param options? pvm.view.tree.options table of options: how to follow it (may be left out)
---@return pvm.view[]? structs
---@return pvm.error[]?|pvm.error broken_or_err
---@return integer[]? levels
function view:try_tree(links, options) end

---A way to an address through pointers, parsed once.
---@class pvm.path
---@field text string the expression in its plainest form (read only)
---@field hops integer how many pointers it reads (read only)
---@field depth integer how many one after the other (read only)
---@field names string[] the modules and regions in it (read only)
local path = {}

---Follow it in a process, now.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EFAULT, ENOENT, EAMBIGUOUS.
---
---```lua
---print(pvm.path("[root]"):offset(8).hops)  --> 1
---```
---@param process pvm.process where
---@return integer address # where it leads; nothing is read there
function path:resolve(process) end

---Like `resolve`, but returns nil and the error of a failure.
---@param process pvm.process where
---@return integer? address
---@return pvm.error? err
function path:try_resolve(process) end

---The same path, so many bytes further.
---
---```lua
---print(pvm.path("[game+0x10]+8"):offset(4))  --> [game+0x10]+0x8+0x4
---```
---@param bytes integer added to the address; negative goes down
---@return pvm.path path # a new path
function path:offset(bytes) end

---What the fields of an unknown struct seem to be.
---@class pvm.guess
---@field [integer] table? the i-th field: {name=, offset=, size=, type=, kind=, confidence=, note=, constant=, values=}
---@operator len: integer
local guess = {}

---A type with these fields, named after kind and offset: `f32_10`, `ptr_18`.
---
---```lua
---local T = game:guess(player, 0x40):layout(0.5)
---print(game:view(player, T).text_20)  --> Zoë Starfall
---```
---@param sure? number leave out what is less sure than this, 0 to 1 (default 0.0)
---@return pvm.type type # for view, read_struct and others
function guess:layout(sure) end

---What a search found. It never changes: every step gives a new one, and the old ones stay good.
---@class pvm.hits
---@field title string what this step asked for (read only)
---@field parent pvm.hits? the step before: undo (read only)
---@field first pvm.hits the first scan of this history (read only)
---@field complete boolean false when it was interrupted and more may be found (read only)
---@field stats table {bytes_read=, bytes_skipped=, bytes_left_out=, bytes_unreadable=, seconds=, gb_per_second=, threads=, regions=, lost_hits=, memory=, disk=} (read only)
---@field holes table[] what could not be read: {address=, size=, reason=} each (read only)
---@field left_out table[] what was not searched for its own sake: {region=, size=, reason=} each (read only)
---@field types table<string, integer> how many hits of each type (read only)
---@field [integer] pvm.cell? the i-th hit as a typed place; nil outside
---@operator len: integer
local hits = {}

---Tell whether an address is among the hits.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):has(health))  --> true
---```
---@param address integer address: where
---@return boolean answer # whether it is
function hits:has(address) end

---Find the hit at an address.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):at(health).type)  --> i32
---```
---@param address integer address: where
---@return pvm.cell? object # the hit; nil when there is none
function hits:at(address) end

---Lay some hits out as a table: number, place, type, values.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):page(1, 5))
---```
---@param page? integer integer, 1 to 1099511627776: which, from 1 (default 1)
---@param size? integer integer, 1 to 10000: hits a page (default 20)
---@return string text # lines
function hits:page(page, size) end

---List the steps from the first scan to this one.
---
---```lua
---local hits = game:scan("i32", game:read_i32(health)):unchanged()
---for i, step in ipairs(hits:history()) do print(i, step.title, #step) end
---```
---@return pvm.hits[] steps # the last is this one
function hits:history() end

---The same hits without their history, whose memory is given back.
---
---A script that refines in an endless loop needs it: every step is kept for undo.
---
---```lua
---print(game:scan("i32", 1):unchanged():forget().parent)  --> nil
---```
---@return pvm.hits hits # with no parent; `first` is this step then
function hits:forget() end

---Read many hits at once.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):values()[1] == game:read_i32(health))  --> true
---```
---@param first? integer the first, from 1 (default 1)
---@param last? integer the last (default #hits)
---@return (number|boolean|string|nil)[] values # by their places in the range; nil where it cannot be read
function hits:values(first, last) end

---Like `values`, but returns nil and the error of a failure.
---@param first? integer the first, from 1 (default 1)
---@param last? integer the last (default #hits)
---@return ((number|boolean|string|nil)[])? values
---@return pvm.error? err
function hits:try_values(first, last) end

---List where many hits lie.
---
---```lua
---print(#game:scan("i32", {unknown=true, kind="heap"}):addresses(1, 5))  --> 5
---```
---@param first? integer the first, from 1 (default 1)
---@param last? integer the last (default #hits)
---@return integer[] addresses # in their order
function hits:addresses(first, last) end

---Copy hits into a table of {address=, type=, value=, old=}.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):to_table(1, 1)[1].type)  --> i32
---```
---@param first? integer the first, from 1 (default 1)
---@param last? integer the last (default #hits)
---@return table[] rows # a row for each
function hits:to_table(first, last) end

---Like `to_table`, but returns nil and the error of a failure.
---@param first? integer the first, from 1 (default 1)
---@param last? integer the last (default #hits)
---@return table[]? rows
---@return pvm.error? err
function hits:try_to_table(first, last) end

---Go over all hits: address, value and type of each, read in batches.
---
---No table is built. What can no longer be read comes with the value nil.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---for address, value, type in game:scan("i32", game:read_i32(health)):each() do
---  if address == health then print(value == game:read_i32(health), type) end
---end
---```
---@return pvm.walk iterator # for a `for` loop
function hits:each() end

---Like `each`, but returns nil and the error of a failure.
---@return pvm.walk? iterator
---@return pvm.error? err
function hits:try_each() end

---Keep the hits that a function of yours accepts.
---
---What can no longer be read comes as false. An error ends the filter.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local even = game:scan("i32", {between={1, 1000}, kind="heap"}):filter(function(values)
---  local keep = {}
---  for i, v in ipairs(values) do keep[i] = v % 2 == 0 end
---  return keep
---end)
---```
---@param accepts fun(values: any[], addresses: integer[], type: string): boolean[] function: called with up to 4096 values at a time; answers a table with true for those to keep
---@return pvm.hits hits # those that are left
function hits:filter(accepts) end

---Like `filter`, but returns nil and the error of a failure.
---@param accepts fun(values: any[], addresses: integer[], type: string): boolean[] function: called with up to 4096 values at a time; answers a table with true for those to keep
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_filter(accepts) end

---Keep the hits that have a value now.
---
---Types that cannot hold the value keep nothing. A value stored encoded is decoded as in the first scan.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", game:read_i32(health))
---hits = hits:next(game:read_i32(health))
---print(hits:has(health))  --> true
---```
---@param value? number|boolean|table value, or table of options: the value; or options in its place (default nil)
---@param options? pvm.hits.next.options table of options: what the value is to be (may be left out)
---@return pvm.hits hits # those that are left
function hits:next(value, options) end

---Like `next`, but returns nil and the error of a failure.
---@param value? number|boolean|table value, or table of options: the value; or options in its place (default nil)
---@param options? pvm.hits.next.options table of options: what the value is to be (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_next(value, options) end

---Keep the hits whose value is not what it was.
---
---Compares bits: a NaN is unchanged when its bits are. For patterns, text and structs: whether they are still there.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:changed() <= #hits)  --> true
---```
---@param options? pvm.hits.changed.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:changed(options) end

---Like `changed`, but returns nil and the error of a failure.
---@param options? pvm.hits.changed.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_changed(options) end

---Keep the hits whose value is what it was.
---
---Compares bits: a NaN is unchanged when its bits are. For patterns, text and structs: whether they are still there.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:unchanged() <= #hits)  --> true
---```
---@param options? pvm.hits.unchanged.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:unchanged(options) end

---Like `unchanged`, but returns nil and the error of a failure.
---@param options? pvm.hits.unchanged.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_unchanged(options) end

---Keep the hits whose value is greater than it was.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:increased() <= #hits)  --> true
---```
---@param options? pvm.hits.increased.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:increased(options) end

---Like `increased`, but returns nil and the error of a failure.
---@param options? pvm.hits.increased.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_increased(options) end

---Keep the hits whose value is less than it was.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:decreased() <= #hits)  --> true
---```
---@param options? pvm.hits.decreased.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:decreased(options) end

---Like `decreased`, but returns nil and the error of a failure.
---@param options? pvm.hits.decreased.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_decreased(options) end

---Keep the hits whose value is what it was or less.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:not_increased() <= #hits)  --> true
---```
---@param options? pvm.hits.not_increased.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:not_increased(options) end

---Like `not_increased`, but returns nil and the error of a failure.
---@param options? pvm.hits.not_increased.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_not_increased(options) end

---Keep the hits whose value is what it was or greater.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:not_decreased() <= #hits)  --> true
---```
---@param options? pvm.hits.not_decreased.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:not_decreased(options) end

---Like `not_decreased`, but returns nil and the error of a failure.
---@param options? pvm.hits.not_decreased.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_not_decreased(options) end

---Keep the hits whose value has grown by so much.
---
---Integers by exactly so much, wrapping in their width; reals as closely as their rounding lets one tell, or within `tolerance`.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:increased_by(0) <= #hits)  --> true
---```
---@param n number|boolean number or boolean: how much
---@param options? pvm.hits.increased_by.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:increased_by(n, options) end

---Like `increased_by`, but returns nil and the error of a failure.
---@param n number|boolean number or boolean: how much
---@param options? pvm.hits.increased_by.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_increased_by(n, options) end

---Keep the hits whose value has shrunk by so much.
---
---Integers by exactly so much, wrapping in their width; reals as closely as their rounding lets one tell, or within `tolerance`.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"})
---print(#hits:decreased_by(0) <= #hits)  --> true
---```
---@param n number|boolean number or boolean: how much
---@param options? pvm.hits.decreased_by.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:decreased_by(n, options) end

---Like `decreased_by`, but returns nil and the error of a failure.
---@param n number|boolean number or boolean: how much
---@param options? pvm.hits.decreased_by.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_decreased_by(n, options) end

---Keep the hits whose value has grown by something from low to high.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(#game:scan("i32", {unknown=true, kind="heap"}):changed_by(-5, -1) >= 0)
---```
---@param low number|boolean number or boolean: the least growth; negative for shrinking
---@param high number|boolean number or boolean: the greatest growth
---@param options? pvm.hits.changed_by.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:changed_by(low, high, options) end

---Like `changed_by`, but returns nil and the error of a failure.
---@param low number|boolean number or boolean: the least growth; negative for shrinking
---@param high number|boolean number or boolean: the greatest growth
---@param options? pvm.hits.changed_by.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_changed_by(low, high, options) end

---Keep the hits whose value has changed by low to high percent of what it was.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(#game:scan("i32", {unknown=true, kind="heap"}):percent(-20, -1) >= 0)
---```
---@param low number the least change; negative for less
---@param high number the greatest change
---@param options? pvm.hits.percent.options table of options: compared with what (may be left out)
---@return pvm.hits hits # those that are left
function hits:percent(low, high, options) end

---Like `percent`, but returns nil and the error of a failure.
---@param low number the least change; negative for less
---@param high number the greatest change
---@param options? pvm.hits.percent.options table of options: compared with what (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_percent(low, high, options) end

---Keep the hits that have changed in some way since another step.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"}):unchanged()
---print(#hits:compare("first", "unchanged") <= #hits)  --> true
---```
---@param with "first"|pvm.hits "first", or any result of the same process
---@param how "changed"|"unchanged"|"increased"|"decreased"|"percent"|"not_increased"|"not_decreased"|"increased_by"|"decreased_by"|"changed_by" what is to hold
---@param low? number|boolean number or boolean: by how much, where that is asked (may be left out)
---@param high? number|boolean number or boolean: up to how much (may be left out)
---@return pvm.hits hits # those that are left
function hits:compare(with, how, low, high) end

---Like `compare`, but returns nil and the error of a failure.
---@param with "first"|pvm.hits "first", or any result of the same process
---@param how "changed"|"unchanged"|"increased"|"decreased"|"percent"|"not_increased"|"not_decreased"|"increased_by"|"decreased_by"|"changed_by" what is to hold
---@param low? number|boolean number or boolean: by how much, where that is asked (may be left out)
---@param high? number|boolean number or boolean: up to how much (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_compare(with, how, low, high) end

---The same hits with the values they have now; what went is left out.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(#game:scan("i32", game:read_i32(health)):refresh() > 0)  --> true
---```
---@return pvm.hits hits # all that can still be read
function hits:refresh() end

---Like `refresh`, but returns nil and the error of a failure.
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_refresh() end

---The hits of both.
---
---Types are kept apart: an i32 and a u32 at one address are two hits.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local a = game:scan("i32", game:read_i32(health))
---local b = game:scan("i32", game:read_i32(gold))
---print(a:union(b).complete)  --> true
---```
---@param other pvm.hits hits in the same process
---@return pvm.hits hits # old values are this one's where it has them
function hits:union(other) end

---Like `union`, but returns nil and the error of a failure.
---@param other pvm.hits hits in the same process
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_union(other) end

---The hits that are in both.
---
---Types are kept apart: an i32 and a u32 at one address are two hits.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local a = game:scan("i32", game:read_i32(health))
---local b = game:scan("i32", game:read_i32(gold))
---print(a:intersection(b).complete)  --> true
---```
---@param other pvm.hits hits in the same process
---@return pvm.hits hits # old values are this one's where it has them
function hits:intersection(other) end

---Like `intersection`, but returns nil and the error of a failure.
---@param other pvm.hits hits in the same process
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_intersection(other) end

---The hits that are not in the other.
---
---Types are kept apart: an i32 and a u32 at one address are two hits.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local a = game:scan("i32", game:read_i32(health))
---local b = game:scan("i32", game:read_i32(gold))
---print(a:minus(b).complete)  --> true
---```
---@param other pvm.hits hits in the same process
---@return pvm.hits hits # old values are this one's where it has them
function hits:minus(other) end

---Like `minus`, but returns nil and the error of a failure.
---@param other pvm.hits hits in the same process
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_minus(other) end

---Keep the hits that lie near an address, or near a hit of the other.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):near(health, 0):has(health))  --> true
---```
---@param to integer|pvm.hits address or hits: an address, or hits
---@param distance integer integer, 0 to 1099511627776: bytes at most
---@return pvm.hits hits # those that are left
function hits:near(to, distance) end

---Like `near`, but returns nil and the error of a failure.
---@param to integer|pvm.hits address or hits: an address, or hits
---@param distance integer integer, 0 to 1099511627776: bytes at most
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_near(to, distance) end

---Move all hits by so many bytes, and read what is there.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):shift(4):has(health + 4))  --> true
---```
---@param bytes integer how far; negative for down
---@return pvm.hits hits # what can be read there
function hits:shift(bytes) end

---Like `shift`, but returns nil and the error of a failure.
---@param bytes integer how far; negative for down
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_shift(bytes) end

---Keep the first hits, or some from a number on.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(#game:scan("i32", {unknown=true, kind="heap"}):limit(10))  --> 10
---```
---@param count integer integer, at least 0: how many
---@param from? integer integer, at least 1: the first (default 1)
---@return pvm.hits hits # at most so many
function hits:limit(count, from) end

---Like `limit`, but returns nil and the error of a failure.
---@param count integer integer, at least 0: how many
---@param from? integer integer, at least 1: the first (default 1)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_limit(count, from) end

---Keep some hits by chance, the same ones for the same seed.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(#game:scan("i32", {unknown=true, kind="heap"}):sample(10))  --> 10
---```
---@param count integer integer, at least 0: how many
---@param seed? integer any number (default 1)
---@return pvm.hits hits # at most so many
function hits:sample(count, seed) end

---Like `sample`, but returns nil and the error of a failure.
---@param count integer integer, at least 0: how many
---@param seed? integer any number (default 1)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_sample(count, seed) end

---List the hits that lie nearest to an address, the nearest first.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):nearest(health, 1)[1].address == health)  --> true
---```
---@param address integer address: where
---@param count? integer integer, 0 to 100000: how many (default 10)
---@return pvm.cell[] cells # by distance
function hits:nearest(address, count) end

---All hits but one.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local hits = game:scan("i32", {unknown=true, kind="heap"}):limit(10)
---print(#hits:remove(1))  --> 9
---```
---@param number integer integer, at least 1: which, from 1
---@return pvm.hits hits # the others
function hits:remove(number) end

---Like `remove`, but returns nil and the error of a failure.
---@param number integer integer, at least 1: which, from 1
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_remove(number) end

---Keep the hits of one type, or of one pattern.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(game:scan("int", game:read_i32(health)):only("i32"):has(health))  --> true
---```
---@param type string as in `types`
---@return pvm.hits hits # those that are left
function hits:only(type) end

---Like `only`, but returns nil and the error of a failure.
---@param type string as in `types`
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_only(type) end

---Keep the hits that lie in some mappings.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---print(game:scan("i32", 1):inside{kind="heap"}.complete)  --> true
---```
---@param options? pvm.hits.inside.options table of options: which mappings (may be left out)
---@return pvm.hits hits # those that are left
function hits:inside(options) end

---Like `inside`, but returns nil and the error of a failure.
---@param options? pvm.hits.inside.options table of options: which mappings (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function hits:try_inside(options) end

---Keep the hits of `find_group` that are still part of a group.
---
---After a step that lost some of the values. Nothing is read. The distance, the order and how many there are of each value may differ from the first search.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local values = { {"i32", game:read_i32(health)}, {"i32", game:read_i32(gold)} }
---local hits = game:find_group(values, {within=16})
---local left, groups = hits:unchanged():grouped(values, {within=16})
---print(left:has(health), #groups >= 1)  --> true true
---```
---@param values table[] list of {type, value, ...}: those that `find_group` was asked for
---@param options? pvm.hits.grouped.options table of options: how near (may be left out)
---@return pvm.hits hits # every value that is part of a group, kept apart as written
---@return table[] groups # by address, each {first, second, ..., start=}: where each value lies, and the lowest
---@return boolean cut_short # whether there are more groups than `limit`
function hits:grouped(values, options) end

---Like `grouped`, but returns nil and the error of a failure.
---@param values table[] list of {type, value, ...}: those that `find_group` was asked for
---@param options? pvm.hits.grouped.options table of options: how near (may be left out)
---@return pvm.hits? hits
---@return table[]|pvm.error groups_or_err
---@return boolean? cut_short
function hits:try_grouped(values, options) end

---Write 1, 2, 3 ... into the hits, so that the program shows which is which.
---
---At most 100 000 hits, and numbers that fit their type; else nothing is written. What cannot be written carries no label. Declare it `local labels <close>` and it is undone at the end of the block.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EREADONLY.
---
---```lua
---local hits = game:scan("i32", game:read_i32(health)):near(health, 0)
---local labels = hits:label(90)
---print(labels[game:read_i32(health)].address == health)  --> true
---labels:restore()
---```
---@param from? integer the first number (default 1)
---@return pvm.labels object # asks which, and puts everything back
function hits:label(from) end

---Like `label`, but returns nil and the error of a failure.
---@param from? integer the first number (default 1)
---@return pvm.labels? object
---@return pvm.error? err
function hits:try_label(from) end

---Write the hits to a file, from which `process.load_hits` reads them.
---
---Addresses are kept as distances in the module or named region they lie in, beside old values and the titles of the history, so that another run of the program can load them.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EACCES, ENOENT.
---
---```lua
---local path = os.tmpname()
---game:scan("i32", game:read_i32(health)):save(path)
---print(game:load_hits(path):has(health))  --> true
---os.remove(path)
---```
---@param path string path: a file, which is replaced once all is written
function hits:save(path) end

---Like `save`, but returns nil and the error of a failure.
---@param path string path: a file, which is replaced once all is written
---@return true? ok
---@return pvm.error? err
function hits:try_save(path) end

---Write all hits with what is there now as JSON lines, a line each.
---
---Each line: address as text, type, value, old, place.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EACCES, ENOENT.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):json("/dev/null") >= 1)  --> true
---```
---@param path string path: a file, which is replaced; "-" for standard output
---@return integer count # how many hits were written
function hits:json(path) end

---Like `json`, but returns nil and the error of a failure.
---@param path string path: a file, which is replaced; "-" for standard output
---@return integer? count
---@return pvm.error? err
function hits:try_json(path) end

---Write all hits with what is there now as CSV, a line each.
---
---Each line: a line of names, then address, type, value, old, place.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EACCES, ENOENT.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):csv("/dev/null") >= 1)  --> true
---```
---@param path string path: a file, which is replaced; "-" for standard output
---@return integer count # how many hits were written
function hits:csv(path) end

---Like `csv`, but returns nil and the error of a failure.
---@param path string path: a file, which is replaced; "-" for standard output
---@return integer? count
---@return pvm.error? err
function hits:try_csv(path) end

---A walk over hits, for a `for` loop.
---@class pvm.walk
---@operator call: integer?
local walk = {}

---Numbers written into hits; see `hits.label`.
---@class pvm.labels
---@field [integer] pvm.cell? the hit with this label; nil without one
---@operator len: integer
local labels = {}

---Put back what was there, where the label still stands.
---
---```lua
---print(game:scan("i32", game:read_i32(health)):near(health, 0):label(90):restore())  --> 1
---```
---@return integer count # how many were put back
function labels:restore() end

---Put back what was there; `<close>` does it at the end of a block.
---
---```lua
---game:scan("i32", game:read_i32(health)):near(health, 0):label(90):close()
---```
function labels:close() end

---Typed places that are read together again and again: `watcher.name` is the value of the last update, nil where it could not be read.
---@class pvm.watcher
---@field new pvm.moment what the last update read (read only)
---@field old pvm.moment what the update before read (read only)
---@field updates integer how often it was updated (read only)
---@field lost {pid: integer?, code: string, error: string}[]? the processes of which the last update could read nothing, since they have ended or for another reason; nil when there is none (read only)
---@field [string] any
---@field [integer] any the i-th value; nil: outside, or unreadable
---@operator len: integer
local watcher = {}

---Read all places anew; what was new is old then.
---
---One gather for each process, and one more for each level of pointer chains: cheap enough for some hundred times a second. A place that cannot be read has changed when it could be read before. Raises only when none of the processes can be read any more; `lost` tells of one among several.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED.
---
---```lua
---local w = pvm.watch{ hp={game, health, "i32"} }
---game:write_i32(health, 88)
---print(w:update(), w.old.hp, w.new.hp)  --> true 100 88
---print(w:update())  --> false
---```
---@return boolean changed # whether anything has changed
function watcher:update() end

---Like `update`, but returns nil and the error of a failure.
---@return boolean? changed
---@return pvm.error? err
function watcher:try_update() end

---Tell whether the last update found a place changed.
---
---```lua
---local w = pvm.watch{ hp={game, health, "i32"}, gold={game, gold, "i32"} }
---game:write_i32(health, 88)
---w:update()
---print(w:changed("hp"), w:changed("gold"), w:changed())  --> true false true
---```
---@param name? string|integer name or number of a place: the place; without it: any of them (may be left out)
---@return boolean answer # whether it did
function watcher:changed(name) end

---Tell whether a value is greater than at the update before.
---
---```lua
---local w = pvm.watch{ gold={game, gold, "i32"} }
---game:write_i32(gold, 300)
---w:update()
---print(w:rose("gold"), w:fell("gold"))  --> true false
---```
---@param name string|integer name or number of a place: the place, by the key it has in the watcher
---@return boolean answer # whether it is; true is greater than false
function watcher:rose(name) end

---Tell whether a value is less than at the update before.
---
---```lua
---local w = pvm.watch{ hp={game, health, "i32"} }
---game:write_i32(health, 1)
---w:update()
---print(w:fell("hp"))  --> true
---```
---@param name string|integer name or number of a place: the place, by the key it has in the watcher
---@return boolean answer # whether it is
function watcher:fell(name) end

---Tell whether the last update found a place changed, and to a certain value.
---
---A number for an f32 is rounded to one first, so 1.1 is found.
---
---```lua
---local w = pvm.watch{ hp={game, health, "i32"} }
---game:write_i32(health, 0)
---w:update()
---print(w:changed_to("hp", 0))  --> true
---w:update()
---print(w.hp, w:changed_to("hp", 0))  --> 0 false
---```
---@param name string|integer name or number of a place: the place, by the key it has in the watcher
---@param value any any value: what it is to be now; nil: unreadable; a table for an array
---@return boolean answer # whether it did and is
function watcher:changed_to(name, value) end

---List what the last update found changed.
---
---```lua
---local w = pvm.watch{ hp={game, health, "i32"}, gold={game, gold, "i32"} }
---game:write_i32(gold, 9)
---w:update()
---for _, c in ipairs(w:changes()) do print(c.name, c.old, c.new) end  --> gold 250 9
---```
---@return {name: string|integer, old: any, new: any}[] changes # numbered places first, then by name; old or new is nil where unreadable
function watcher:changes() end

---The errors of the places that the last update could not read.
---
---```lua
---local w = pvm.watch{ good={game, gold, "i32"}, bad={game, 0x10, "i32"} }
---print(w.good, w.bad, w:faults().bad.code)  --> 250 nil EFAULT
---```
---@return table<any, pvm.error>? faults # by the keys of the watcher; nil when all was read
function watcher:faults() end

---Tell where a place lay when it was last read.
---
---```lua
---local w = pvm.watch{ hp={game, {root, 0x10, 0x8, 0}, "i32"} }
---print(w:address("hp") == health)  --> true
---```
---@param name string|integer name or number of a place: the place, by the key it has in the watcher
---@return integer? address # nil at the end of a chain that is broken
function watcher:address(name) end

---What a watcher read at the last update, or at the one before: `watcher.new` and `.old`.
---@class pvm.moment
---@field [string] any
---@field [integer] any the i-th value; nil: outside, or unreadable
---@operator len: integer
local moment = {}

---Take a value by its name, also one that is called like a method.
---
---```lua
---local w = pvm.watch{ table={game, gold, "i32"} }
---print(w.new:get("table"))  --> 250
---```
---@param name string|integer name or number of a place: as in the watcher
---@return any value # the value; nil when it could not be read
function moment:get(name) end

---All values as a plain table with the keys of the watcher.
---
---A copy: it stays as it is when the watcher goes on.
---
---```lua
---local w = pvm.watch{ hp={game, health, "i32"}, gold={game, gold, "i32"} }
---local all = w.new:table()
---print(all.hp, all.gold)  --> 100 250
---```
---@return table values # unreadable ones are absent
function moment:table() end

---The values that changed while they were tracked, by behaviour and then by address.
---@class pvm.track
---@field counts table<string, integer> how many of each behaviour (read only)
---@field complete boolean false when it ended before its time (read only)
---@field error string? why the memory could be read no more, as of a process that ended (read only)
---@field stats table {samples=, seconds=, values=, bytes=, unreadable=, unfollowed=} (read only)
---@field [integer] pvm.tracked? the i-th value; nil outside
---@operator len: integer
local track = {}

---Keep the values that behaved in a certain way.
---
---"monotone" stands for counter|rising|falling.
---
---```lua
---local t = game:track({player, 64}, 0.02, {every=0.01})
---print(#t:only("monotone"), #t:only("toggling|once"))  --> 0 0
---```
---@param behaviour string one or several, joined by |
---@return pvm.track track # a result of its own
function track:only(behaviour) end

---List the values.
---
---```lua
---for _, cell in ipairs(game:track({player, 64}, 0):cells("counter")) do
---  print(cell.address, cell.step, cell.sparkline)
---end
---```
---@param behaviour? string only these, joined by |; without it all (may be left out)
---@return pvm.tracked[] cells # in the order of the result
function track:cells(behaviour) end

---The values as hits, with what they were last, so that a search goes on with them.
---
---Raises ENOMEM, ENOSPC.
---
---```lua
---local t = game:track({player, 64}, 60, {every=0, progress=function(p)
---  game:write_i32(health, 100 - p.samples)
---  return p.samples < 3
---end})
---local hits = t:hits()
---print(#hits, hits[1].old, hits:next(97)[1].address == health)  --> 1 98 true
---```
---@return pvm.hits hits # to narrow down, save, label ...
function track:hits() end

---Like `hits`, but returns nil and the error of a failure.
---@return pvm.hits? hits
---@return pvm.error? err
function track:try_hits() end

---A value that changed while it was tracked, and how.
---@class pvm.tracked
---@field address integer first byte (read only)
---@field type string the name of its type (read only)
---@field behaviour string counter, rising, falling, toggling, once or noisy (read only)
---@field first number|boolean at the first sample (read only)
---@field last number|boolean at the last sample (read only)
---@field low number|boolean the least value (read only)
---@field high number|boolean the greatest value (read only)
---@field changes integer in how many samples it was another (read only)
---@field rises integer in how many of these it was greater (read only)
---@field falls integer in how many of these it was less (read only)
---@field step number how far it moved at a change, on average (read only)
---@field sparkline string how it went: ▁▂▃▄▅▆▇█ (read only)
---@field cell pvm.cell the place itself, to read, write, watch (read only)
local tracked = {}

---Bytes of our own: read a whole range into it once, then pick values from it.
---@class pvm.buffer
---@operator len: integer
local buffer = {}

---Take a value out of the buffer.
---
---```lua
---local buffer = pvm.buffer(64)
---game:read_into(buffer, game:addr(player))
---print(buffer:get(0, "i32"))
---```
---@param offset integer integer, 0 to 1073741824: first byte, from 0
---@param type pvm.scalar what it is
---@return number|boolean value # the value
function buffer:get(offset, type) end

---Take a part out of the buffer, as a string.
---
---```lua
---print(#pvm.buffer(16):bytes(0, 4))  --> 4
---```
---@param offset? integer integer, 0 to 1073741824: first byte (default 0)
---@param count? integer integer, 0 to 1073741824: how many bytes; to the end when left out (may be left out)
---@return string bytes # the bytes
function buffer:bytes(offset, count) end

---A process that stands still.
---@class pvm.pause
---@field pid integer number of the process (read only)
---@field holding boolean whether the process stands still by it (read only)
---@field ended string? how it ended: resumed, timeout or exit; nil while it holds (read only)
---@field seconds number how long it lasts so far, or lasted (read only)
---@field threads table[] each thread as it was stopped, the first one of the process first: {id=, ip=, sp=, registers=, float_registers=}; the latter two are bytes as PTRACE_GETREGSET gives them, and missing where a thread waits inside the kernel (read only)
local pause = {}

---Let the process go on, unless another pause holds it too.
---
---Again is harmless. A variable declared `<close>` calls it by itself. False when the time was up or the process ended: what was read is then of more than one moment.
---
---```lua
---local pause = game:pause()
---print(pause:resume(), pause.ended)  --> true resumed
---```
---@return boolean held # true when it had stood still up to now
function pause:resume() end

---Bytes of a process that are changed together and put back together. What a script leaves enabled is put back when it ends, however it ends.
---@class pvm.patch
---@field name string what it is called (read only)
---@field enabled boolean whether it was enabled and not disabled since
---@field status string "off"; "on"; "changed": enabled, and something else was written there since; "gone": the process has ended (read only)
---@field places table[] {address=, size=, bytes=, expect=} each, patterns as text (read only)
---@field keep boolean whether it stays when this program ends (read only)
---@field code boolean whether it may change what the process itself cannot write (read only)
local patch = {}

---Make the change: at all its places, or at none.
---
---The old bytes are in the journal, on disk, before one is changed. Then the bytes are looked at once more, written, and read back; what fails in between puts back what was written, and the error says so. Nothing happens when it is enabled already.
---
---With `stop` (a patch of code does it by itself) all threads stand still meanwhile, and it waits up to half a second for a moment in which none is inside the bytes. Callers that are still to return into them are not noticed.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EMISMATCH, EBUSY, ENOSPC, ETIMEDOUT.
---
---```lua
---local patch = game:patch{at=health, value=999, type="i32"}
---patch:enable()
---print(game:read_i32(health), patch.enabled)  --> 999 true
---patch:disable()
---```
---@return pvm.patch object # the same patch
function patch:enable() end

---Like `enable`, but returns nil and the error of a failure.
---@return pvm.patch? object
---@return pvm.error? err
function patch:try_enable() end

---Put the old bytes back.
---
---A place where something else was written since is left as it is, and raises EMISMATCH when the others are back. Nothing happens when it is not enabled.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EMISMATCH, EBUSY, ENOSPC, ETIMEDOUT.
---
---```lua
---local patch = game:patch{at=gold, value=5, type="i32"}:enable()
---patch:disable()
---print(patch.status)  --> off
---```
---@return pvm.patch object # the same patch
function patch:disable() end

---Like `disable`, but returns nil and the error of a failure.
---@return pvm.patch? object
---@return pvm.error? err
function patch:try_disable() end

---Enable it if it is disabled, and disable it if it is enabled.
---
---Raises EFAULT, EREADONLY, ESHARED, ESRCH, EPERM, EXEC, ECLOSED, EMISMATCH, EBUSY, ENOSPC, ETIMEDOUT.
---
---```lua
---local patch = game:patch{at=gold, value=5, type="i32"}
---print(patch:toggle(), patch:toggle())  --> true false
---```
---@return boolean answer # whether it is enabled now
function patch:toggle() end

---Like `toggle`, but returns nil and the error of a failure.
---@return boolean? answer
---@return pvm.error? err
function patch:try_toggle() end

---A place that is held at a value.
---@class pvm.freeze
---@field value number|boolean|string? what is held, or the limit; nil for a range
---@field min number|boolean? of a range: the least value, or nil (read only)
---@field max number|boolean? of a range: the greatest value, or nil (read only)
---@field mode string hold, min, max, range or function (read only)
---@field every number seconds from one look to the next (read only)
---@field address integer first byte (read only)
---@field type string the name of its type (read only)
---@field active boolean whether it goes on (read only)
---@field report table what it did so far: {writes=, resisted= (looks that found another value), ticks= (looks), missed= (looks left out since others took too long), lateness={worst=, p99=} of looks in seconds, fault= (why it cannot hold the place now), ended= ("released", "exit" or "exec")} (read only)
local freeze = {}

---Let the place go: nothing is written there any more. What it holds stays.
---
---Again is harmless. A variable declared `<close>` calls it by itself.
---
---```lua
---do
---  local freeze <close> = game:cell(health, "i32"):freeze(100)
---end
---print(#game:freezes())  --> 0
---```
function freeze:release() end

---What pvm.run looks after: a function that is called at its times, or a task.
---@class pvm.timer
---@field kind string every, after or task (read only)
---@field active boolean whether anything is left to do (read only)
---@field due number? when it is looked after next, as pvm.now counts; nil when it is over (read only)
---@field count integer how often the function was called (read only)
---@field missed integer ticks dropped because something took too long (read only)
---@field late number how late the last call was, in seconds (read only)
---@field worst number the latest of all calls, in seconds (read only)
local timer = {}

---End it. A function that waits is not gone on with.
---
---Again is harmless. A variable declared `<close>` calls it by itself. Where its function waits in `pvm.sleep`, the variables it has declared `<close>` are closed.
---
---```lua
---local timer = pvm.every(0.01, function(timer) if timer.count == 3 then timer:cancel() end end)
---print(pvm.run(), timer.count)  --> done 3
---```
function timer:cancel() end

---Where memory is not what the files of its modules say, from 1 to #list.
---@class pvm.modified
---@field modules table[] {name=, path=, base=, compared=, relocated=, unchecked=, unreadable=, places=, skipped=} each (read only)
---@field complete boolean whether every place is listed; at most 65536 are (read only)
---@field [integer] table? {address=, module=, section=, offset=, size=, file=, memory=}; nil: outside
---@operator len: integer
local modified = {}

---Instructions as they stood in memory, from 1 to #code.
---@class pvm.code
---@field size integer bytes of all together (read only)
---@field bytes string all of them (read only)
---@field [integer] table? {address=, size=, bytes=, text=, mnemonic=, operands=, flow=, target=, memory=}; nil: outside. `flow` is "next", "jump", "branch" (a jump on a condition), "call", "return" or "bad"; `target` where it goes, `memory` the address it names, both nil where registers decide
---@operator len: integer
local code = {}

---What is not the same in two memories: cells with old and new value. It never changes.
---@class pvm.diff
---@field title string what it holds, in words (read only)
---@field type string the type of the cells (read only)
---@field complete boolean false when it was interrupted and there may be more (read only)
---@field before pvm.process the earlier memory (read only)
---@field after pvm.process the later memory; of a live process the snapshot taken of it (read only)
---@field map_changes table[] mappings that are not what they were: {kind=, address=, size=, before=, after=, text=} each; kinds are appeared, vanished, grew, shrank, moved, permissions (read only)
---@field stats table {bytes_compared=, bytes_shared=, bytes_unreadable=, bytes_only_before=, bytes_only_after=, seconds=, gb_per_second=, threads=, memory=, disk=} (read only)
---@field [integer] table? the i-th cell: {address=, old=, new=, size=, region=}; nil outside
---@operator len: integer
local diff = {}

---Find the cell at an address.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(gold, game:read_i32(gold) + 10)
---local d = before:diff(game, {type="i32"})
---print(d:at(gold).new - d:at(gold).old, d:at(8))  --> 10 nil
---```
---@param address integer address: its first byte in the later memory
---@return table? value # {address=, old=, new=, size=, region=}; nil when there is none
function diff:at(address) end

---Like `at`, but returns nil and the error of a failure.
---@param address integer address: its first byte in the later memory
---@return table? value
---@return pvm.error? err
function diff:try_at(address) end

---Go over all cells: address, old and new value of each, read in batches.
---
---No table is built.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(gold, game:read_i32(gold) + 10)
---for address, old, new in before:diff(game, {type="i32"}):each() do
---  if address == gold then print(new - old) end  --> 10
---end
---```
---@return pvm.diff_walk iterator # for a `for` loop
function diff:each() end

---Like `each`, but returns nil and the error of a failure.
---@return pvm.diff_walk? iterator
---@return pvm.error? err
function diff:try_each() end

---Go over runs of changed bytes: address, size, old and new bytes of each.
---
---A run of more than 1 MiB comes in pieces.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write(scratch, "hello")
---for address, size, old, new in before:diff(game):ranges() do
---  if address == scratch then print(size, new) end  --> 5 hello
---end
---```
---@param gap? integer integer, 0 to 1048576: runs with no more equal bytes between them are one (default 0)
---@return pvm.diff_ranges iterator # for a `for` loop
function diff:ranges(gap) end

---Like `ranges`, but returns nil and the error of a failure.
---@param gap? integer integer, 0 to 1048576: runs with no more equal bytes between them are one (default 0)
---@return pvm.diff_ranges? iterator
---@return pvm.error? err
function diff:try_ranges(gap) end

---Where a byte of the later memory lay in the earlier.
---
---```lua
---local before = game:snapshot{perms="rw"}
---print(before:diff(game):before_address(gold) == gold)  --> true
---```
---@param address integer address: in the later memory
---@return integer? address # nil where it goes with none
function diff:before_address(address) end

---The cells as a search, to go on narrowing: their remembered values are the new ones.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(gold, game:read_i32(gold) + 10)
---local hits = before:diff(game, {type="i32"}):hits()
---game:write_i32(gold, game:read_i32(gold) + 3)
---print(hits:increased_by(3):has(gold))  --> true
---```
---@param live? pvm.process where the search goes on; by default the process that was compared (may be left out)
---@return pvm.hits hits # with no history
function diff:hits(live) end

---Like `hits`, but returns nil and the error of a failure.
---@param live? pvm.process where the search goes on; by default the process that was compared (may be left out)
---@return pvm.hits? hits
---@return pvm.error? err
function diff:try_hits(live) end

---Keep the cells whose value is greater than it was.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---local d = before:diff(game, {type="i32"})
---print(#d:increased() <= #d)  --> true
---```
---@return pvm.diff diff # those that are left
function diff:increased() end

---Like `increased`, but returns nil and the error of a failure.
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_increased() end

---Keep the cells whose value is less than it was.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---local d = before:diff(game, {type="i32"})
---print(#d:decreased() <= #d)  --> true
---```
---@return pvm.diff diff # those that are left
function diff:decreased() end

---Like `decreased`, but returns nil and the error of a failure.
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_decreased() end

---Keep the cells whose value has grown by so much.
---
---Integers by exactly so much, wrapping in their width.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---local d = before:diff(game, {type="i32"})
---print(#d:increased_by(5) <= #d)  --> true
---```
---@param n number|boolean number or boolean: how much
---@param tolerance? number by how much that may be off (may be left out)
---@return pvm.diff diff # those that are left
function diff:increased_by(n, tolerance) end

---Like `increased_by`, but returns nil and the error of a failure.
---@param n number|boolean number or boolean: how much
---@param tolerance? number by how much that may be off (may be left out)
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_increased_by(n, tolerance) end

---Keep the cells whose value has shrunk by so much.
---
---Integers by exactly so much, wrapping in their width.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---local d = before:diff(game, {type="i32"})
---print(#d:decreased_by(5) <= #d)  --> true
---```
---@param n number|boolean number or boolean: how much
---@param tolerance? number by how much that may be off (may be left out)
---@return pvm.diff diff # those that are left
function diff:decreased_by(n, tolerance) end

---Like `decreased_by`, but returns nil and the error of a failure.
---@param n number|boolean number or boolean: how much
---@param tolerance? number by how much that may be off (may be left out)
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_decreased_by(n, tolerance) end

---Keep the cells whose value has grown by something from low to high.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(health, game:read_i32(health) - 5)
---print(before:diff(game, {type="i32"}):changed_by(-9, -1):at(health).new)  --> 95
---```
---@param low number|boolean number or boolean: the least growth; negative for shrinking
---@param high number|boolean number or boolean: the greatest growth
---@return pvm.diff diff # those that are left
function diff:changed_by(low, high) end

---Like `changed_by`, but returns nil and the error of a failure.
---@param low number|boolean number or boolean: the least growth; negative for shrinking
---@param high number|boolean number or boolean: the greatest growth
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_changed_by(low, high) end

---Keep the cells whose value has changed by low to high percent of what it was.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(health, game:read_i32(health) - 5)
---print(before:diff(game, {type="i32"}):percent(-99, -1):at(health).new)  --> 95
---```
---@param low number the least change; negative for less
---@param high number the greatest change
---@return pvm.diff diff # those that are left
function diff:percent(low, high) end

---Like `percent`, but returns nil and the error of a failure.
---@param low number the least change; negative for less
---@param high number the greatest change
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_percent(low, high) end

---Keep the cells whose value has changed by at least so much, up or down.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(health, game:read_i32(health) - 5)
---print(before:diff(game, {type="i32"}):at_least(5):at(health).new)  --> 95
---```
---@param n number how much
---@return pvm.diff diff # those that are left
function diff:at_least(n) end

---Like `at_least`, but returns nil and the error of a failure.
---@param n number how much
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_at_least(n) end

---Keep the cells that were and are pointers, or are 0 before or after.
---
---The old value points into what was mapped then, and the new one into what is mapped now. For cells as wide as a pointer.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---print(#before:diff(game, {type="ptr"}):pointers() >= 0)  --> true
---```
---@return pvm.diff diff # those that are left
function diff:pointers() end

---Like `pointers`, but returns nil and the error of a failure.
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_pointers() end

---Keep the cells that lie in some mappings of the later memory.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(health, game:read_i32(health) - 5)
---print(before:diff(game, {type="i32"}):where{perms="rw"}:at(health).new)  --> 95
---```
---@param options? pvm.diff.where.options table of options: which mappings (may be left out)
---@return pvm.diff diff # those that are left
function diff:where(options) end

---Like `where`, but returns nil and the error of a failure.
---@param options? pvm.diff.where.options table of options: which mappings (may be left out)
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_where(options) end

---The cells that the other diff does not have: what changed then and only then.
---
---Cells are the same by their addresses in the later memory of each.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local a = game:snapshot{perms="rw"}
---local b = game:snapshot{perms="rw"}
---local c = game:snapshot{perms="rw"}
---local changed, noise = a:diff(b), b:diff(c)
---print(#changed:minus(noise) <= #changed)  --> true
---```
---@param other pvm.diff a diff of the same type
---@return pvm.diff diff # old values are this one's
function diff:minus(other) end

---Like `minus`, but returns nil and the error of a failure.
---@param other pvm.diff a diff of the same type
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_minus(other) end

---The cells that both diffs have.
---
---Cells are the same by their addresses in the later memory of each.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local a = game:snapshot{perms="rw"}
---local b = game:snapshot{perms="rw"}
---local c = game:snapshot{perms="rw"}
---local changed, noise = a:diff(b), b:diff(c)
---print(#changed:intersection(noise) <= #changed)  --> true
---```
---@param other pvm.diff a diff of the same type
---@return pvm.diff diff # old values are this one's
function diff:intersection(other) end

---Like `intersection`, but returns nil and the error of a failure.
---@param other pvm.diff a diff of the same type
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_intersection(other) end

---The cells that either diff has.
---
---Cells are the same by their addresses in the later memory of each.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local a = game:snapshot{perms="rw"}
---local b = game:snapshot{perms="rw"}
---local c = game:snapshot{perms="rw"}
---local changed, noise = a:diff(b), b:diff(c)
---print(#changed:union(noise) >= #changed)  --> true
---```
---@param other pvm.diff a diff of the same type
---@return pvm.diff diff # old values are this one's
function diff:union(other) end

---Like `union`, but returns nil and the error of a failure.
---@param other pvm.diff a diff of the same type
---@return pvm.diff? diff
---@return pvm.error? err
function diff:try_union(other) end

---Lay some cells out as a table: number, place, old and new value.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(gold, 1)
---print(before:diff(game, {type="i32"}):page(1, 5))
---```
---@param page? integer integer, 1 to 1099511627776: which, from 1 (default 1)
---@param size? integer integer, 1 to 10000: cells a page (default 20)
---@return string text # lines
function diff:page(page, size) end

---Like `page`, but returns nil and the error of a failure.
---@param page? integer integer, 1 to 1099511627776: which, from 1 (default 1)
---@param size? integer integer, 1 to 10000: cells a page (default 20)
---@return string? text
---@return pvm.error? err
function diff:try_page(page, size) end

---List the mappings that cells lie in, with how many, and a strip that shows where.
---
---A character is a dot where nothing has changed, and a block where all has.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(gold, 1)
---for _, r in ipairs(before:diff(game):regions()) do print(r.region, r.cells, r.strip) end
---```
---@param columns? integer integer, 1 to 1024: parts of each strip at most (default 32)
---@return table[] value # {region=, cells=, pages=, strip=} each
function diff:regions(columns) end

---Show changed bytes as hexadecimal and text: what was, and below it what is.
---
---Of the new bytes those that have not changed are dots.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write(scratch, "hello")
---print(before:diff(game):hexdump(1, scratch))
---```
---@param rows? integer integer, 1 to 10000: how many rows with changes at most (default 16)
---@param from? integer address: the first address (default 0)
---@param color? boolean also mark with terminal colours (default false)
---@return string text # lines
function diff:hexdump(rows, from, color) end

---Like `hexdump`, but returns nil and the error of a failure.
---@param rows? integer integer, 1 to 10000: how many rows with changes at most (default 16)
---@param from? integer address: the first address (default 0)
---@param color? boolean also mark with terminal colours (default false)
---@return string? text
---@return pvm.error? err
function diff:try_hexdump(rows, from, color) end

---Write all cells as JSON lines; of bytes, runs.
---
---Each line: address as text, size, type, old, new, place; runs of bytes have old and new in hexadecimal.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, ERANGE, E2BIG, ENOMEM, ENOSPC, ENOTSUP, EACCES, ENOENT.
---
---```lua
---local before = game:snapshot{perms="rw"}
---game:write_i32(gold, 1)
---print(before:diff(game, {type="i32"}):json("/dev/null") >= 1)  --> true
---```
---@param path string path: a file, which is replaced; "-" for standard output
---@return integer count # how many lines were written
function diff:json(path) end

---Like `json`, but returns nil and the error of a failure.
---@param path string path: a file, which is replaced; "-" for standard output
---@return integer? count
---@return pvm.error? err
function diff:try_json(path) end

---A walk over the cells of a diff, for a `for` loop.
---@class pvm.diff_walk
---@operator call: integer?
local diff_walk = {}

---A walk over runs of changed bytes, for a `for` loop.
---@class pvm.diff_ranges
---@operator call: integer?
local diff_ranges = {}

---Read, write and change the memory of other processes.
---@class pvm
---@field version string of pvmlua
---@field _VERSION string of pvmlua
---@field features pvm.features what this build can do
pvm = {}

---Attach to a process: nothing happens to it, and nothing in it.
---
---The criteria: `name` is the kernel's name or the last part of the program's path, exactly; `exe` the program's path or its last part; `cmdline` text found in the command line, or a pattern with * and ?; `uid` the real user; `newest=true` or `oldest=true` choose among several. Without them several fitting processes are an error that lists them. A thread's number works as its process's does.
---
---Raises ESRCH, ENOENT, EPERM, EAMBIGUOUS.
---
---```lua
---local same = pvm.attach(game.pid)
---```
---@param which integer|string|pvm.query pid, name or criteria: pid, name, or {pid=, name=, exe=, cmdline=, uid=, pick=}
---@param options? pvm.attach.options table of options: how to attach (may be left out)
---@return pvm.process process # bound to this run of this program
function pvm.attach(which, options) end

---Like `attach`, but returns nil and the error of a failure.
---@param which integer|string|pvm.query pid, name or criteria: pid, name, or {pid=, name=, exe=, cmdline=, uid=, pick=}
---@param options? pvm.attach.options table of options: how to attach (may be left out)
---@return pvm.process? process
---@return pvm.error? err
function pvm.try_attach(which, options) end

---Wait for a process to appear, and attach to it.
---
---Raises ETIMEDOUT, EINTERRUPTED, EPERM, EAMBIGUOUS.
---
---```lua
---local same = pvm.wait(game.pid, 5)
---```
---@param which integer|string|pvm.query pid, name or criteria: as for attach
---@param timeout? number seconds: how long at most; for ever when left out (may be left out)
---@param options? pvm.wait.options table of options: how to attach (may be left out)
---@return pvm.process process # bound to this run of this program
function pvm.wait(which, timeout, options) end

---Like `wait`, but returns nil and the error of a failure.
---@param which integer|string|pvm.query pid, name or criteria: as for attach
---@param timeout? number seconds: how long at most; for ever when left out (may be left out)
---@param options? pvm.wait.options table of options: how to attach (may be left out)
---@return pvm.process? process
---@return pvm.error? err
function pvm.try_wait(which, timeout, options) end

---Start a program as our child and attach to it.
---
---A child may be read also where Yama's scope 1 forbids it for strangers.
---
---Raises ENOENT, EACCES, EINVAL.
---
---```lua
---local child = pvm.spawn{"sleep", "60"}
---print(child.alive)  --> true
---child:kill()
---print(child:wait_exit(5).text)  --> was ended by signal 15
---```
---@param command string[] {program, argument, ...}; the program is sought in PATH
---@param options? pvm.spawn.options table of options: how to start it (may be left out)
---@return pvm.process process # the child
function pvm.spawn(command, options) end

---Like `spawn`, but returns nil and the error of a failure.
---@param command string[] {program, argument, ...}; the program is sought in PATH
---@param options? pvm.spawn.options table of options: how to start it (may be left out)
---@return pvm.process? process
---@return pvm.error? err
function pvm.try_spawn(command, options) end

---List processes.
---
---Raises ENOENT.
---
---```lua
---for _, p in ipairs(pvm.ps{name="pvm-target"}) do print(p.pid, p.cmdline) end
---```
---@param which? integer|string|pvm.query pid, name or criteria: as for attach; all when left out (may be left out)
---@return table[] value # {pid=, ppid=, name=, exe=, cmdline=, uid=, user=, threads=, state=, start_time=}
function pvm.ps(which) end

---Like `ps`, but returns nil and the error of a failure.
---@param which? integer|string|pvm.query pid, name or criteria: as for attach; all when left out (may be left out)
---@return table[]? value
---@return pvm.error? err
function pvm.try_ps(which) end

---Open a core file: memory that reads like the process it was taken from.
---
---Only headers and notes are read at first, so a file may be larger than memory. What is cut off a truncated file, and what nobody has, are holes. Everything that reads, scans, finds and compares works as on a process; `core.files` says which files were taken from disk.
---
---Raises EINVAL, ENOENT, EACCES.
---
---```lua
---local path = os.tmpname()
---game:save(path, {perms="rw"})
---local core = pvm.open(path)
---print(core:read_i32(health) == game:read_i32(health), core.kind)  --> true core
---os.remove(path)
---```
---@param path string path: of an ELF core: ours, the kernel's or gcore's
---@param options? pvm.open.options table of options: how to read (may be left out)
---@return pvm.process process # the memory; it never changes
function pvm.open(path, options) end

---Like `open`, but returns nil and the error of a failure.
---@param path string path: of an ELF core: ours, the kernel's or gcore's
---@param options? pvm.open.options table of options: how to read (may be left out)
---@return pvm.process? process
---@return pvm.error? err
function pvm.try_open(path, options) end

---Do nothing for a while. Ctrl-C ends it.
---
---In a task or a timer's function the other tasks and timers go on meanwhile, unless it is called from within a C function such as `table.sort`, or from a coroutine of the script's own. Everywhere else everything waits; the functions given to `on_exit` are called.
---
---```lua
---pvm.sleep(0.01)
---```
---@param seconds number seconds: how long; 0.05 is 50 ms
function pvm.sleep(seconds) end

---Call the functions given to on_exit whose process has ended.
---
---```lua
---pvm.poll()
---```
function pvm.poll() end

---The time in seconds since boot, for measuring.
---
---```lua
---local before = pvm.now()
---pvm.sleep(0.01)
---print(pvm.now() - before >= 0.01)  --> true
---```
---@return number value # never goes backwards; stands still while the machine is suspended
function pvm.now() end

---Have a function called again and again, while pvm.run runs.
---
---The first call is one period from now. The times of the calls lie on a grid: a late call does not shift those after it. When several are due at once, one is made and the others count as `missed`. The function may wait with `pvm.sleep`.
---
---```lua
---local start = game:read_i32(health)
---pvm.every(0.01, function(timer)
---  game:write_i32(health, start - timer.count)
---  if timer.count == 5 then timer:cancel() end
---end)
---pvm.run()
---print(start - game:read_i32(health))  --> 5
---```
---@param seconds number seconds: from one call to the next, 0.0001 or more
---@param fn fun(timer: pvm.timer) function: gets the timer
---@return pvm.timer timer # to look at and to cancel
function pvm.every(seconds, fn) end

---Have a function called once, while pvm.run runs.
---
---```lua
---pvm.after(0.02, function() print("second") end)
---pvm.after(0.01, function() print("first") end)
---pvm.run()
---```
---@param seconds number seconds: from now
---@param fn fun(timer: pvm.timer) function: gets the timer
---@return pvm.timer timer # to look at and to cancel
function pvm.after(seconds, fn) end

---Have a function run beside others, while pvm.run runs.
---
---One task runs at a time, and the others when it waits: in `pvm.sleep`, or by `coroutine.yield()`, which lets each of the others have a turn.
---
---```lua
---local log = {}
---local function worker(name)
---  for step = 1, 2 do log[#log + 1] = name .. step pvm.sleep(0.001) end
---end
---pvm.task(worker, "a") pvm.task(worker, "b")
---pvm.run()
---print(table.concat(log, " "))  --> a1 b1 a2 b2
---```
---@param fn fun(...) function: what to run
---@param ... any values: its arguments
---@return pvm.timer timer # to look at and to cancel
function pvm.task(fn, ...) end

---Look after timers and tasks until none is left.
---
---What a function raises ends the run and goes on to the caller, a text with a traceback; the function is over then, and the others go on in the next run. Ctrl-C ends it. The functions given to `on_exit` are called within 50 ms.
---
---```lua
---pvm.every(0.01, function() end)
---print(pvm.run(0.05))  --> time
---print(pvm.run(function() pvm.sleep(0.02) end))  --> done
---```
---@param limit? number|fun() seconds or function: seconds after which it ends; or a function that it runs, and ends with (may be left out)
---@return string ending # done, stopped by pvm.stop, or time
function pvm.run(limit) end

---End pvm.run, once the function that calls this has returned or waits.
---
---What is left goes on in the next run. Nothing happens where none is under way.
---
---```lua
---pvm.every(0.01, function() pvm.stop() end)
---print(pvm.run())  --> stopped
---```
function pvm.stop() end

---Watch typed places, perhaps of several processes, from one moment to the next.
---
---A place is a cell, or a hit of a search, or a table as `scatter` takes it; with {base, offset, ...} or a path (pvm.path, or its text) for its address it lies at the end of pointers, which are followed anew each time. Snapshots and files can be watched too, but do not change.
---
---Raises ESRCH, EPERM, EXEC, ECLOSED, EINVAL, E2BIG, ENOMEM.
---
---```lua
---local w = pvm.watch{ hp=game:cell(health, "i32"), name={game, name_utf8, "cstr", 32} }
---game:write_i32(health, 75)
---if w:update() and w:fell("hp") then print(w.name, w.old.hp - w.hp) end  --> Zoë Starfall 25
---```
---@param places table { name = cell, other = {process, address, type [, count]}, ... }
---@return pvm.watcher watcher # already read once
function pvm.watch(places) end

---Like `watch`, but returns nil and the error of a failure.
---@param places table { name = cell, other = {process, address, type [, count]}, ... }
---@return pvm.watcher? watcher
---@return pvm.error? err
function pvm.try_watch(places) end

---List all freezes that go on, of whatever process.
---
---```lua
---game:cell(health, "i32"):freeze(100)
---for _, freeze in ipairs(pvm.freezes()) do freeze:release() end
---print(#pvm.freezes())  --> 0
---```
---@return pvm.freeze[] freezes # in the order they were made
function pvm.freezes() end

---Make a buffer of our own to read into.
---
---Raises ENOMEM.
---
---```lua
---print(#pvm.buffer(4096))  --> 4096
---```
---@param size integer integer, 0 to 1073741824: bytes, 0 to 1 GiB
---@return pvm.buffer object # filled with zeros
function pvm.buffer(size) end

---Like `buffer`, but returns nil and the error of a failure.
---@param size integer integer, 0 to 1073741824: bytes, 0 to 1 GiB
---@return pvm.buffer? object
---@return pvm.error? err
function pvm.try_buffer(size) end

---The size of a scalar type in bytes.
---
---```lua
---print(pvm.sizeof("f64"))  --> 8
---```
---@param type pvm.scalar "u32", "f64be" ...
---@param bits? integer integer, 32 to 64: 32 or 64, for ptr (default 64)
---@return integer count # bytes
function pvm.sizeof(type, bits) end

---Show bytes as hexadecimal and text.
---
---```lua
---print(pvm.hexdump("hello world"))
---```
---@param bytes string any bytes
---@param address? integer address: the address of the first (default 0)
---@return string text # a line for each 16 bytes
function pvm.hexdump(bytes, address) end

---Say how a struct lies in memory.
---
---The list form `{ {name, type [, count]}, ... }` lays the fields one behind the other, each at its natural alignment, and `bits=` packs as a C compiler does. A Lua table keeps no order, so the form with keys needs offsets: `{ hp={0x04,"i32"}, pos={0x10,"f32",3}, size=64 }`. A type is a scalar ("i32", "f32be", "ptr"), text or "bytes" with its size as third entry, another type (by name or as pvm.type), or "name*" for a pointer to one; `{8,"ptr",to=Entity}` is a pointer to a type as well, and `to="self"` to this one. Bits: `{0x14,"u32",bit=3,bits=2}`.
---
---```lua
---local Entity = pvm.struct("entity", {
---  {"id", "u32"}, {"hp", "i32"}, {"pos", "f32", 3}, {"kind", "u8"}, {"alive", "bool"},
---  {"level", "u16"}, {"target", "entity*"}, {"name", "utf8", 16},
---})
---print(Entity:size(), game:view(entities, Entity).name)  --> 48 imp-0
---```
---@param name string|table name or table of fields: what it is called, for pointers to it; or the fields at once
---@param fields? table the fields, where the name came first (may be left out)
---@return pvm.type type # for game:view, read_struct and others
function pvm.struct(name, fields) end

---Read declarations of C: structs, unions, enums and typedefs.
---
---Layouts are those of gcc and clang on Linux: LP64 for 64-bit targets, i386 for 32-bit ones; a type holds both. Packed and aligned attributes, #pragma pack, bit fields, anonymous members, arrays of arrays, function pointers (as addresses), the names of stdint.h and sizeof are understood. Later texts know the types of earlier ones. Arrays of char are text. What cannot be understood is an error with its line and column; then nothing is declared.
---
---Raises EINVAL.
---
---```lua
---local C = pvm.cdef[[
---  enum kind { IMP, OGRE, DRAGON };
---  struct entity {
---    uint32_t id; int hp; float pos[3]; uint8_t kind; bool alive; uint16_t level;
---    struct entity *target; char name[16]; double armour; int64_t bounty;
---  };
---]]
---local e = game:view(entities + 0x40, C.entity)
---print(e.name, e.pos[1], e.kind == C.OGRE)  --> imp-1 1.0 true
---```
---@param text string as in a header file
---@param options? pvm.cdef.options table of options: for which machines (may be left out)
---@return table value # the types by name, and the constants of enums and of #define NAME NUMBER
function pvm.cdef(text, options) end

---Like `cdef`, but returns nil and the error of a failure.
---@param text string as in a header file
---@param options? pvm.cdef.options table of options: for which machines (may be left out)
---@return table? value
---@return pvm.error? err
function pvm.try_cdef(text, options) end

---Parse an address expression once, to follow it as often as wanted.
---
---It belongs to no process. Wherever a place is wanted, a path or its text will do: it is followed anew, with one gather for each level of pointers, however many paths are followed together.
---
---```lua
---local path = pvm.path(string.format("[[[%#x]+0x10]+8]", root))
---print(path.hops, path:resolve(game) == player)  --> 3 true
---```
---@param expression string|pvm.path address expression or pvm.path: "[[game+0x1234]+0x10]+8"
---@return pvm.path path # for addr, cell, resolve_all, watch, patch and view
function pvm.path(expression) end

---List the journals of changes that are on disk.
---
---A journal is on disk while patches are enabled. One whose pvmlua does not run any more was left behind when that was killed, or holds patches that were to stay (keep=true).
---
---```lua
---for _, journal in ipairs(pvm.journals()) do print(journal.path) end
---```
---@return table[] value # {path=, pid= (of the pvmlua that wrote it), running= (whether it still does), places=, processes={ {pid=, name=}, ... }} each
function pvm.journals() end

---Put back what a journal says was changed, and remove it when nothing is left.
---
---Bytes are put back only in the same process running the same program, and only where the journal's new bytes are; "changed" is a place that somebody has written since, which is left alone. `pvmlua -m undo` does this and says it in words.
---
---Raises EBUSY, EINVAL, ENOENT, EPERM.
---
---```lua
---for _, journal in ipairs(pvm.journals()) do
---  if not journal.running then pvm.undo(journal.path) end
---end
---```
---@param path string of the journal
---@return table[] value # what became of each place, the last change first: {pid=, name=, address=, size=, outcome="restored"|"unchanged"|"changed"|"gone"|"failed", why=}
function pvm.undo(path) end

---Like `undo`, but returns nil and the error of a failure.
---@param path string of the journal
---@return table[]? value
---@return pvm.error? err
function pvm.try_undo(path) end

---The manual page of a function, a method, a class or the whole module.
---
---```lua
---print(pvm.help("process.read"))
---```
---@param topic? string "attach", "process.read", "process"; or a word (may be left out)
---@return string text # the page; for an unknown word what is known about it
function pvm.help(topic) end

---The files that are made from the declarations: editor definitions, reference.
---
---```lua
---print(#pvm.manual()["pvm.d.lua"] > 1000)  --> true
---```
---@return table<string, string> files # by name
function pvm.manual() end

---What access we have to a process, check by check.
---
---Raises ENOENT, EAMBIGUOUS.
---
---```lua
---print(pvm.diagnose(game.pid).access)  --> true
---```
---@param pid integer|string|pvm.query pid, name or criteria: pid, or what attach takes
---@return table value # {access=boolean, message=, hint=, checks={ {name=, ok=, text=}, ... }}
function pvm.diagnose(pid) end

---Like `diagnose`, but returns nil and the error of a failure.
---@param pid integer|string|pvm.query pid, name or criteria: pid, or what attach takes
---@return table? value
---@return pvm.error? err
function pvm.try_diagnose(pid) end

---Where the bundled target is, for examples.
---
---```lua
---print(pvm.target_path():match('pvm%-target') ~= nil)  --> true
---```
---@return string text # its path, or its bare name to be sought in PATH
function pvm.target_path() end

return pvm
