using System.Buffers.Binary;
using Culverin.Analyze;
using Culverin.Guest;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Inspect;

/// <summary>The code of programs and states in assembly language, by functions.</summary>
internal static class CodeListing
{
    private const int WordSizeBytes = 4;
    private const string NoFunctionMark = "!";

    /// <summary>All functions of a program, ascending, as a version sees them.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.LimitExceeded"/>: too many functions. <see cref="ErrorCode.InvalidArgument"/>:
    /// the version has words of another size.
    /// </exception>
    public static IEnumerable<ListedFunction> OfProgram(ElfFile elf, FeatureSet features)
    {
        if (elf.Is64 != (features.WordBits == 64))
        {
            int bits = elf.Is64 ? 64 : 32;
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"It is a {bits}-bit program and {features.Name} has {features.WordBits}-bit words.");
        }

        var reading = new GuestReading(elf, features, GoProgram.VersionOf(elf) is not null);
        GuestCode code = reading.Code;
        Dictionary<ulong, string> syscalls = reading.Sites
            .Where(site => site.Number is not null)
            .GroupBy(site => site.Address)
            .ToDictionary(
                group => group.Key,
                group => string.Join(
                    " or ", group.Select(site => SyscallNames.Of(site.Number!.Value)).Distinct()));
        var disassembler = new Disassembler(features);
        return code.Functions.Select(function => new ListedFunction(
            function.Name,
            function.Start,
            Enumerable.Range(0, function.Words).Select(index => Listed(
                disassembler.Disassemble(
                    function.Start + ((ulong)index * WordSizeBytes),
                    BinaryPrimitives.ReadUInt32BigEndian(code.BytesOf(function)[(index * WordSizeBytes)..])),
                target => NameIn(code, function, target),
                syscalls))));
    }

    /// <summary>Instructions of a state's memory, cut where functions begin.</summary>
    /// <param name="image">The state; what its memory lacks reads as zeros.</param>
    /// <param name="symbols">Its symbols.</param>
    /// <param name="start">First address, a multiple of 4.</param>
    /// <param name="count">How many instructions; fewer at the end of the address space.</param>
    public static IEnumerable<ListedFunction> OfState(
        MachineImage image, SymbolTable symbols, ulong start, int count)
    {
        var disassembler = new Disassembler(image.Features);
        ulong last = image.Features.WordBits == 32 ? uint.MaxValue : ulong.MaxValue;
        List<ListedInstruction> instructions = [];
        ulong first = start;
        string name = NameIn(symbols, start);
        for (int index = 0; index < count; index++)
        {
            ulong address = unchecked(start + ((ulong)index * WordSizeBytes));
            if (address < start || address > last)
            {
                break;
            }

            string around = NameIn(symbols, address);
            if (around != name)
            {
                yield return new ListedFunction(name, first, instructions);
                (instructions, first, name) = ([], address, around);
            }

            DisassembledInstruction instruction =
                disassembler.Disassemble(address, image.Memory.ReadUInt32(address));
            instructions.Add(Listed(instruction, target => NameIn(symbols, target), null));
        }

        if (instructions.Count > 0)
        {
            yield return new ListedFunction(name, first, instructions);
        }
    }

    private static ListedInstruction Listed(
        DisassembledInstruction instruction,
        Func<ulong, string> nameOf,
        Dictionary<ulong, string>? syscalls) =>
        new(
            instruction,
            instruction.Target is { } target && nameOf(target) is { Length: > 0 } name ? name : null,
            syscalls?.GetValueOrDefault(instruction.Address));

    // A branch inside a function needs no name.
    private static string NameIn(GuestCode code, CodeFunction from, ulong target)
    {
        int number = code.Around(target);
        return number < 0 || code.Functions[number] == from ? "" : code.Functions[number].Name;
    }

    private static string NameIn(SymbolTable symbols, ulong address)
    {
        string name = symbols.NameAt(address);
        return name.StartsWith(NoFunctionMark, StringComparison.Ordinal) ? "" : name;
    }
}
