namespace Culverin.Harness.Arenas;

/// <summary>The virtual machine whose steps decide games.</summary>
public enum ArenaMachine
{
    /// <summary>The production MIPS contract.</summary>
    Mips,

    /// <summary>
    /// A toy whose trace is the alphabet: a step adds one letter. Many games in little time.
    /// </summary>
    Alphabet,
}
