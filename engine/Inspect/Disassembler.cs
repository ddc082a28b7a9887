using System.Globalization;
using System.Text;
using Culverin.Analyze;
using Culverin.Isa;
using Culverin.Versions;

namespace Culverin.Inspect;

/// <summary>
/// Writes instruction words in assembly language, by the rows that the machine executes from, and says what a
/// version makes of those that it lacks or runs differently from hardware.
/// </summary>
/// <remarks>Immutable; any number of threads may share one.</remarks>
internal sealed class Disassembler(FeatureSet features)
{
    private const string NotAnInstruction = ".word";
    private const string Target = InstructionSyntax.Target;
    private const int UpperHalf = 32;

    private readonly Isa.Decoder _decoder = new(features);

    /// <summary>Writes one word.</summary>
    /// <param name="address">Where it stands, a multiple of 4.</param>
    /// <param name="bits">The word.</param>
    public DisassembledInstruction Disassemble(ulong address, uint bits)
    {
        if (bits == 0)
        {
            return new DisassembledInstruction(address, bits, "nop", "");
        }

        (string Name, FindingEffect Effect, string Explanation)? finding =
            InstructionSearch.Judge(_decoder, bits);
        InstructionRow? row = RowOf(bits, finding is not null);
        if (row is null)
        {
            return new DisassembledInstruction(address, bits, NotAnInstruction, Hex(bits))
            {
                Effect = finding?.Effect,
                Explanation = finding is { } unnamed ? $"{unnamed.Name}: {unnamed.Explanation}" : "",
            };
        }

        var fields = new Instruction(0, row.Format, bits);
        ulong? target = TargetOf(row, fields, address);
        return new DisassembledInstruction(address, bits, row.Mnemonic, Operands(row, fields, target))
        {
            Target = target,
            Effect = finding?.Effect,
            Explanation = finding?.Explanation ?? "",
        };
    }

    // What the version executes has a row; what it lacks, or takes for another one, is named by the manual.
    private InstructionRow? RowOf(uint bits, bool isOdd) => isOdd
        ? ManualInstruction.Find(bits)?.Row
        : InstructionSet.Rows[_decoder.Decode(bits).Opcode - 1];

    private ulong? TargetOf(InstructionRow row, Instruction fields, ulong address)
    {
        if (!row.Syntax.EndsWith(Target, StringComparison.Ordinal))
        {
            return null;
        }

        ulong next = unchecked(address + 4);
        ulong target = row.Format == InstructionFormat.Jump
            ? (next & ~0x0FFF_FFFFUL) | ((ulong)(uint)fields.JumpIndex << 2)
            : unchecked(next + ((ulong)(long)fields.SignedImmediate << 2));
        return features.WordBits == 32 ? (uint)target : target;
    }

    private string Operands(InstructionRow row, Instruction fields, ulong? target)
    {
        var text = new StringBuilder();
        string syntax = row.Syntax;
        for (int at = 0; at < syntax.Length;)
        {
            int end = at;
            while (end < syntax.Length && char.IsAsciiLetter(syntax[end]))
            {
                end++;
            }

            if (end == at)
            {
                text.Append(syntax[at++]);
            }
            else
            {
                text.Append(Operand(syntax[at..end], fields, target));
                at = end;
            }
        }

        return text.ToString();
    }

    private string Operand(string name, Instruction fields, ulong? target) => name switch
    {
        "rs" => Register(fields.Rs),
        "rt" => Register(fields.Rt),
        "rd" => Register(fields.Rd),
        "ft" => $"$f{fields.Rt}",
        "fd" => $"$f{fields.Rd}",
        "cd" => $"${fields.Rd}",
        "sa" => Decimal(fields.ShiftAmount),
        "usa" => Decimal(fields.ShiftAmount + UpperHalf),
        "size" => Decimal(fields.Rd + 1),
        "longsize" => Decimal(fields.Rd + 1 + UpperHalf),
        "width" => Decimal(fields.Rd - fields.ShiftAmount + 1),
        "longwidth" => Decimal(fields.Rd + UpperHalf - fields.ShiftAmount + 1),
        "imm" => Decimal(fields.SignedImmediate),
        "uimm" => Hex((uint)fields.UnsignedImmediate),
        "op" => Decimal(fields.Rt),
        _ => Hex(target ?? 0),
    };

    private static string Decimal(int value) => value.ToString(CultureInfo.InvariantCulture);

    private string Register(int register) => "$" + RegisterNames.Of(register, features.WordBits);

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}
