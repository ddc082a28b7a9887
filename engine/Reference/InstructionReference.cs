using System.Globalization;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.Versions;
using StringBuilder = System.Text.StringBuilder;

namespace Culverin.Reference;

/// <summary>
/// Writes engine/ISA.md: every instruction as the bodies describe themselves, and every system call.
/// </summary>
internal static class InstructionReference
{
    private const string Introduction = """
        # Instructions and system calls

        Generated from the instruction bodies in `engine/Isa` and the system call table in `engine/Execute`;
        do not edit. A test compares this file with what the code says; run the tests with `CULVERIN_UPDATE=1`
        in the environment to write it anew.

        ## How to read the formulas

        - `rs`, `rt`, `rd` are the registers named by the fields `s`, `t`, `d`; `sa` is field `a`; `imm` is
          field `i` sign-extended, `zext(imm)` zero-extended; `index` is field `j`. A `.` in the bits is
          ignored. Register 0 stays 0. Values on the right are those before the instruction.
        - Arithmetic wraps at the word. `<<`, `>>>` (zeros enter) and `>>` (the sign enters) shift; `<u` and
          `>=u` compare unsigned words, the other comparisons signed ones; `(c) ? a : b` selects.
        - `sext8`, `sext16`, `sext32`, `zext32` extend the low bits to a word; the last two change nothing in
          words of 32 bits. `clz32` counts zeros from the top. `mulhi32`, `div32`, `rem32` work on the low 32
          bits, signed, with a trailing `u` unsigned, and sign-extend their result.
        - `clz`, `mulhi`, `div`, `rem` do the same with whole words.
        - `mem8` to `mem64` are big-endian and zero-extended; the address is rounded down to a multiple of the
          size. `linked` also reserves the address; `reserved` is 1 if the reservation holds, which without
          threads is always so.
        - `goto` happens after the next instruction, the delay slot, whose address is `nextPC`; `region(a)`
          are the bits of `a` above the lowest 28. Any jump or branch, taken or not, traps where `nextPC` is
          not `pc + 4`.
        - A trap is a step that cannot be executed: the machine panics, the contract reverts.

        """;

    /// <summary>The whole document, lines ended by a line feed.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        WriteInstructions(text);
        WriteDifferences(text);
        WriteRefused(text);
        WriteSyscalls(text);
        return text.ToString();
    }

    private static void WriteInstructions(StringBuilder text)
    {
        text.Append("\n## Instructions\n\n| mnemonic | bits | meaning | versions |\n|---|---|---|---|\n");
        var describer = new Describer([]);
        InstructionSet.VisitAll(ref describer);
        for (int index = 0; index < InstructionSet.Rows.Count; index++)
        {
            InstructionRow row = InstructionSet.Rows[index];
            byte opcode = (byte)(index + 1);
            string versions = Join(FeatureSet.All.Where(set => new Decoder(set).Opcodes.Contains(opcode)));
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Mnemonic} | `{row.Pattern}` | {Code(describer.Formulas[index])} | {versions} |\n");
        }
    }

    private static void WriteDifferences(StringBuilder text)
    {
        text.Append("\n## What a version lacks\n\nCompared with the newest one of its word size.\n\n");
        text.Append("| version | name | instructions | system calls | else |\n|---|---|---|---|---|\n");
        foreach (FeatureSet set in FeatureSet.All)
        {
            FeatureSet newest = NewestOf(set.WordBits);
            var decoder = new Decoder(set);
            var newestDecoder = new Decoder(newest);
            IEnumerable<string> instructions = InstructionSet.Rows
                .Where((_, index) => newestDecoder.Opcodes.Contains((byte)(index + 1))
                    && !decoder.Opcodes.Contains((byte)(index + 1)))
                .Select(row => row.Required == InstructionFeatures.None
                    ? $"{row.Mnemonic} as in the others"
                    : row.Mnemonic);
            IEnumerable<string> calls = SyscallTable.Of(newest).Select(entry => entry.Name)
                .Except(SyscallTable.Of(set).Select(entry => entry.Name));
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {(byte)set.Version} | {set.Name} | {List(instructions)} | {List(calls)} | "
                    + $"{List(Differences(set, newest))} |\n");
        }
    }

    private static IEnumerable<string> Differences(FeatureSet set, FeatureSet newest)
    {
        if (newest.HasThreads && !set.HasThreads)
        {
            yield return "threads; reservations: sc always stores";
        }

        if (newest.HasFcntlGetFd && !set.HasFcntlGetFd)
        {
            yield return "fcntl(F_GETFD), which fails with EINVAL";
        }

        if (set.HasFutexState && !newest.HasFutexState)
        {
            yield return "the simple futex: here a thread's record says what it waits for, with a time-out, "
                + $"and a wake-up looks at every thread; {set.FutexValueSizeBytes * 8} bits are compared";
        }

        if (newest.HasLinuxErrorOrder && !set.HasLinuxErrorOrder)
        {
            yield return "the error number in r2";
        }

        if (newest.HasGetrandom && !set.HasGetrandom && set.HasThreads)
        {
            yield return "bytes from getrandom, which does nothing";
        }
    }

    private static void WriteRefused(StringBuilder text)
    {
        text.Append("\n## Instructions of the manual\n\nNo version has these; they trap as reserved: ");
        text.AppendJoin(", ", ManualInstruction.All
            .Where(entry => entry.Note.Length == 0 && entry.Row.Required == InstructionFeatures.None)
            .Select(entry => entry.Row.Mnemonic));
        text.Append(".\n\nThese run as something else, in the versions named, and trap in others:\n\n");
        foreach (ManualInstruction entry in ManualInstruction.All.Where(entry => entry.Note.Length > 0))
        {
            IEnumerable<FeatureSet> sets = FeatureSet.All.Where(set => IsOther(entry, new Decoder(set)));
            text.Append(
                CultureInfo.InvariantCulture,
                $"- {entry.Row.Mnemonic} ({Join(sets)}) runs as {entry.Note}\n");
        }
    }

    private static bool IsOther(ManualInstruction entry, Decoder decoder)
    {
        InstructionRow row = InstructionSet.Rows[decoder.Decode(entry.Row.FixedBits).Opcode - 1];
        return decoder.Has(entry.Row.FixedBits) && row.Mnemonic != entry.Row.Mnemonic;
    }

    private static void WriteSyscalls(StringBuilder text)
    {
        string linuxOrder = Join(FeatureSet.All.Where(set => set.HasLinuxErrorOrder));
        string single = Join(FeatureSet.All.Where(set => !set.HasThreads));
        text.Append("\n## System calls\n\nThe number is in r2, arguments in r4 to r7; the result comes in r2 "
            + "and 0 in r7. A call that fails answers all ones in r2 and the error number in r7; versions ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{linuxOrder} have the two the other way round. Every other number is answered 0 without effect "
                + $"in versions {single} and panics in the rest.\n\n");
        text.Append("| name | 32-bit number | 64-bit number | does | versions |\n|---|---|---|---|---|\n");
        IEnumerable<IGrouping<(string Name, string Summary), (SyscallEntry Entry, FeatureSet Set)>> groups =
            FeatureSet.All
            .SelectMany(set => SyscallTable.Of(set).Select(entry => (Entry: entry, Set: set)))
            .GroupBy(pair => (pair.Entry.Name, pair.Entry.Summary))
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal);
        foreach (IGrouping<(string Name, string Summary), (SyscallEntry Entry, FeatureSet Set)> call
            in groups)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {call.Key.Name} | {NumberOf(call, 32)} | {NumberOf(call, 64)} | {call.Key.Summary} | "
                    + $"{Join(call.Select(pair => pair.Set))} |\n");
        }
    }

    private static string NumberOf(IEnumerable<(SyscallEntry Entry, FeatureSet Set)> group, int wordBits)
    {
        SyscallEntry? entry = group.FirstOrDefault(pair => pair.Set.WordBits == wordBits).Entry;
        return entry is null ? "" : entry.Number.ToString(CultureInfo.InvariantCulture);
    }

    private static FeatureSet NewestOf(int wordBits) => FeatureSet.All.Last(set => set.WordBits == wordBits);

    private static string List(IEnumerable<string> items)
    {
        string list = string.Join(", ", items);
        return list.Length == 0 ? "nothing" : list;
    }

    // Groups that everybody knows by name are shorter than their numbers.
    private static string Join(IEnumerable<FeatureSet> sets)
    {
        FeatureSet[] wanted = [.. sets];
        (string Name, Func<FeatureSet, bool> IsIn)[] groups =
        [
            ("all", _ => true),
            ("32-bit", set => set.WordBits == 32),
            ("64-bit", set => set.WordBits == 64),
            ("multithreaded", set => set.HasThreads),
        ];
        return Array.Find(groups, group => FeatureSet.All.Where(group.IsIn).SequenceEqual(wanted)).Name
            ?? string.Join(", ", wanted.Select(set => (byte)set.Version));
    }

    // A bar would end the table's cell, even inside code.
    private static string Code(string formula) =>
        $"`{formula.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private readonly struct Describer(List<string> formulas) : IInstructionVisitor
    {
        public List<string> Formulas { get; } = formulas;

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction =>
                Formulas.Add(DescribingMachine.Describe<TInstruction>());
    }
}
