using System.Globalization;
using System.Text;
using Culverin.Cli.Output;
using Culverin.Inspect;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>Listings of code for people.</summary>
internal static class DisassemblyText
{
    /// <summary>A function as lines, each ended by a line feed.</summary>
    /// <param name="function">The function.</param>
    /// <param name="features">The version.</param>
    /// <param name="programCounter">Address of the instruction to mark; null for none.</param>
    public static string Describe(ListedFunction function, FeatureSet features, ulong? programCounter)
    {
        string digits = features.WordBits == 32 ? "x8" : "x16";
        var text = new StringBuilder();
        if (function.Name.Length > 0)
        {
            text.Append(function.Start.ToString(digits, CultureInfo.InvariantCulture))
                .Append(" <").Append(GoText.Printable(function.Name)).Append(">:\n");
        }

        foreach (ListedInstruction listed in function.Instructions)
        {
            DisassembledInstruction instruction = listed.Instruction;
            text.Append(instruction.Address == programCounter ? "=>" : "  ")
                .Append(instruction.Address.ToString(digits, CultureInfo.InvariantCulture))
                .Append(CultureInfo.InvariantCulture, $":  {instruction.Bits:x8}  ");
            string comment = CommentOf(listed, features);
            string body = instruction.Operands.Length == 0
                ? instruction.Mnemonic
                : $"{instruction.Mnemonic,-7} {instruction.Operands}";
            text.Append(comment.Length == 0 ? body : $"{body,-32} # {comment}").Append('\n');
        }

        return text.ToString();
    }

    private static string CommentOf(ListedInstruction listed, FeatureSet features)
    {
        List<string> parts = [];
        if (listed.TargetName is { } target)
        {
            parts.Add($"<{GoText.Printable(target)}>");
        }

        if (listed.Syscall is { } syscall)
        {
            parts.Add(syscall);
        }

        if (listed.Instruction.Effect is not null)
        {
            parts.Add($"{features.Name}: {listed.Instruction.Explanation}");
        }

        return string.Join("; ", parts);
    }
}
