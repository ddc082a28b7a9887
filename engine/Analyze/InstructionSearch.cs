using System.Buffers.Binary;
using Culverin.Isa;

namespace Culverin.Analyze;

/// <summary>Finds the instructions that a version lacks or runs differently from hardware.</summary>
internal sealed class InstructionSearch(GuestCode code, Reachability reachability, Decoder decoder)
{
    private const int WordSizeBytes = 4;

    private readonly Dictionary<(string Name, FindingEffect Effect), FindingCollector> _found = [];

    /// <summary>Looks at every word of every function.</summary>
    /// <param name="isSkipped">Tells functions that are never executed.</param>
    /// <returns>The findings, unordered.</returns>
    public List<InstructionFinding> Search(Predicate<CodeFunction> isSkipped)
    {
        for (int function = 0; function < code.Functions.Count; function++)
        {
            if (!isSkipped(code.Functions[function]))
            {
                SearchFunction(function);
            }
        }

        List<InstructionFinding> findings = [];
        foreach (((string name, FindingEffect effect), FindingCollector places) in _found)
        {
            findings.Add(new InstructionFinding
            {
                Name = name,
                Effect = effect,
                Explanation = places.Explanation,
                Count = places.Count,
                Reach = places.Reach,
                Places = places.Places(),
                Functions = places.Functions,
            });
        }

        return findings;
    }

    /// <summary>What an instruction word is and does, unless it is as ordinary as on hardware.</summary>
    public static (string Name, FindingEffect Effect, string Explanation)? Judge(Decoder decoder, uint bits)
    {
        InstructionRow row = InstructionSet.Rows[decoder.Decode(bits).Opcode - 1];
        ManualInstruction? manual = ManualInstruction.Find(bits);
        if (!decoder.Has(bits))
        {
            string name = manual?.Row.Mnemonic ?? EncodingClass.NameOf(bits);
            return IsAbort(name, decoder.Decode(bits))
                ? (name, FindingEffect.Aborts, "a deliberate abort: a signal on hardware, a panic here")
                : (name, FindingEffect.Panics, "the version has no such instruction: "
                    + "the step cannot be executed");
        }

        if (row.Mnemonic == RegimmReserved.Row.Mnemonic && manual is null)
        {
            return (EncodingClass.NameOf(bits), FindingEffect.Misleads, "runs as a branch never taken");
        }

        bool isOther = manual is not null
            && manual.Row.Mnemonic != row.Mnemonic
            && uint.PopCount(manual.Row.FixedMask) > uint.PopCount(row.FixedMask);
        return isOther
            ? (manual!.Row.Mnemonic,
                manual.IsHarmless ? FindingEffect.Harmless : FindingEffect.Misleads,
                $"runs as {manual.Note}")
            : null;
    }

    // A trap whose condition always holds, and break: compilers put them where nothing sensible can follow.
    private static bool IsAbort(string mnemonic, Instruction instruction) => mnemonic switch
    {
        "break" or "sdbbp" => true,
        "teq" or "tge" or "tgeu" => instruction.Rs == instruction.Rt,
        _ => false,
    };

    private void SearchFunction(int number)
    {
        CodeFunction function = code.Functions[number];
        ReadOnlySpan<byte> bytes = code.BytesOf(function);
        for (int at = 0; at < bytes.Length; at += WordSizeBytes)
        {
            if (Judge(decoder, BinaryPrimitives.ReadUInt32BigEndian(bytes[at..])) is not { } judged)
            {
                continue;
            }

            (string Name, FindingEffect Effect) key = (judged.Name, judged.Effect);
            if (!_found.TryGetValue(key, out FindingCollector? places))
            {
                places = new FindingCollector(judged.Explanation);
                _found.Add(key, places);
            }

            places.Add(new CodePlace(function.Start + (ulong)at, function.Name, reachability[number]));
        }
    }
}
