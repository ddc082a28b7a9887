namespace Culverin.Harness.Arenas;

/// <summary>The numbers by which the factory knows kinds of games.</summary>
public static class GameTypes
{
    /// <summary>Anyone may propose and move.</summary>
    public const uint Fault = 0;

    /// <summary>Only the proposer and the challenger may.</summary>
    public const uint Permissioned = 1;
}
