namespace Culverin.Inspect.Symbols;

/// <summary>Guest addresses from a first one to the one before an end.</summary>
internal readonly record struct AddressRange(ulong Start, ulong End)
{
    /// <summary>Whether an address is in it.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;
}
