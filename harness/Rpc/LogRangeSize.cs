namespace Culverin.Harness.Rpc;

/// <summary>
/// How many blocks of log entries to ask for at once from a node that has refused more. Nodes limit the
/// blocks, the entries or the time, and none says so in the same words: half as many are asked for after each
/// refusal, and twice as many after some answers, each time later.
/// </summary>
internal sealed class LogRangeSize(ulong blockCount)
{
    private const int PatienceFirst = 8;
    private const int PatienceMax = 1 << 16;

    private int _patience = PatienceFirst;
    private int _answered;
    private bool _hasGrown;

    /// <summary>Blocks in the next question; at least 1.</summary>
    public ulong BlockCount { get; private set; } = Math.Max(1, blockCount);

    /// <summary>After an answer.</summary>
    public void Answered()
    {
        if (++_answered >= _patience)
        {
            BlockCount *= BlockCount <= ulong.MaxValue / 2 ? 2ul : 1ul;
            _answered = 0;
            _hasGrown = true;
        }
    }

    /// <summary>After a refusal; false when there is nothing less to ask for.</summary>
    public bool TryShrink()
    {
        if (BlockCount == 1)
        {
            return false;
        }

        BlockCount /= 2;
        _answered = 0;
        _patience = _hasGrown ? Math.Min(2 * _patience, PatienceMax) : _patience;
        _hasGrown = false;
        return true;
    }
}
