using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Culverin.Execute;
using Culverin.Isa;
using Culverin.Versions;
using StringBuilder = System.Text.StringBuilder;

namespace Culverin.Analyze;

/// <summary>
/// Writes engine/ISA.md: every instruction as the bodies describe themselves, and every system call.
/// </summary>
public static class InstructionReference
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
        - `mem8`, `mem16`, `mem32` are big-endian and zero-extended; the address is rounded down to a multiple
          of the size. `linked` also reserves the address; `reserved` is 1 if the reservation holds, which
          without threads is always so.
        - `goto` happens after the next instruction, the delay slot, whose address is `nextPC`; `region(a)`
          are the upper 4 bits of `a`. Any jump or branch, taken or not, traps where `nextPC` is not `pc + 4`.
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
            versions = versions.Length > 0 ? versions : "none yet";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Mnemonic} | `{row.Pattern}` | {Code(describer.Formulas[index])} | {versions} |\n");
        }
    }

    private static void WriteDifferences(StringBuilder text)
    {
        text.Append("\n## What a version lacks\n\n| version | name | lacks |\n|---|---|---|\n");
        foreach (FeatureSet set in FeatureSet.All)
        {
            var decoder = new Decoder(set);
            string[] lacking =
            [
                .. InstructionSet.Rows.Where((_, index) => !decoder.Opcodes.Contains((byte)(index + 1)))
                    .Select(row => row.Mnemonic),
                .. set.HasFcntlGetFd ? (string[])[] : ["fcntl(F_GETFD), which fails with EINVAL"],
            ];
            string list = lacking.Length == 0 ? "nothing" : string.Join(", ", lacking);
            text.Append(CultureInfo.InvariantCulture, $"| {(byte)set.Version} | {set.Name} | {list} |\n");
        }
    }

    private static void WriteRefused(StringBuilder text)
    {
        FeatureSet newest = FeatureSet.All[^1];
        var decoder = new Decoder(newest);
        List<string> refused = [];
        List<string> others = [];
        foreach (ManualInstruction entry in ManualInstruction.All)
        {
            InstructionRow row = InstructionSet.Rows[decoder.Decode(entry.Row.FixedBits).Opcode - 1];
            if (!decoder.Has(entry.Row.FixedBits))
            {
                refused.Add(entry.Row.Mnemonic);
            }
            else if (row.Mnemonic != entry.Row.Mnemonic)
            {
                others.Add($"- {entry.Row.Mnemonic} runs as {entry.Note}");
            }
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n## Instructions of the manual that version {(byte)newest.Version} does not have\n\n");
        text.Append("Trap as reserved: ").AppendJoin(", ", refused).Append(".\n\nRun as something else:\n\n");
        text.AppendJoin('\n', others).Append('\n');
    }

    private static void WriteSyscalls(StringBuilder text)
    {
        text.Append("\n## System calls\n\nThe number is in r2, arguments in r4 to r7; "
            + "the result comes in r2, the ");
        text.Append("error number in r7 (0 without an error); versions 7 and 8 have the two the other way round when "
            + "a call fails. Every other number is answered 0 without effect in single-threaded versions and "
            + "panics in multithreaded ones.\n\n");
        text.Append("| number | name | does | versions |\n|---|---|---|---|\n");
        IEnumerable<IGrouping<SyscallEntry, FeatureSet>> entries = FeatureSet.All
            .SelectMany(set => SyscallTable.Of(set).Select(entry => (Entry: entry, Set: set)))
            .GroupBy(pair => pair.Entry, pair => pair.Set)
            .OrderBy(group => group.Key.Number);
        foreach (IGrouping<SyscallEntry, FeatureSet> group in entries)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {group.Key.Number} | {LinuxName(group.Key)} | {group.Key.Summary} | {Join(group)} |\n");
        }
    }

    private static string LinuxName(SyscallEntry entry) =>
        entry.Linux;

    private static string Join(IEnumerable<FeatureSet> sets) =>
        string.Join(", ", sets.Select(set => (byte)set.Version));

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
