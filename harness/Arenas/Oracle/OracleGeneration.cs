namespace Culverin.Harness.Arenas.Oracle;

/// <summary>Which functions a pre-image oracle has for loading parts.</summary>
internal enum OracleGeneration
{
    /// <summary>1.0: a precompile is called with all the gas there is.</summary>
    Classic = 1,

    /// <summary>1.1: the call of a precompile names the gas that it needs.</summary>
    Modern = 2,
}
