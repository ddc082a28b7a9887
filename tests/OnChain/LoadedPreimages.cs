using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Prove;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Puts the pre-image parts that steps read into the contract's oracle, each once, and remembers them: the
/// twin is given whatever part of the oracle's a state points to.
/// </summary>
internal sealed class LoadedPreimages(StepArena arena)
{
    private readonly Dictionary<(Bytes32 Key, ulong Offset), OracleData> _parts = [];

    /// <summary>How many parts the oracle holds.</summary>
    public int Count => _parts.Count;

    /// <summary>Loads the parts that were not loaded before.</summary>
    public Task LoadAsync(IEnumerable<OracleData?> reads)
    {
        List<PreimagePart> parts = [];
        foreach (OracleData? read in reads)
        {
            if (read is { } data && _parts.TryAdd((new Bytes32(data.Key), data.Offset), data))
            {
                parts.Add(new PreimagePart(new Bytes32(data.Key), data.Value, (uint)data.Offset));
            }
        }

        return arena.LoadPreimagesAsync(parts);
    }

    /// <summary>The part that the state would read; null if the oracle does not hold it.</summary>
    public OracleData? PartOf(StepWitness state) =>
        _parts.GetValueOrDefault((new Bytes32(state.PreimageKey), state.PreimageOffset));
}
