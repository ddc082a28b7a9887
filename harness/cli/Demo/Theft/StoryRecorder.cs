using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>Writes down what happens and what had to be so, and shows it at once.</summary>
internal sealed class StoryRecorder(IArena arena, ITheftView view)
{
    private readonly List<TimelineEntry> _timeline = [];
    private readonly List<Expectation> _expectations = [];

    /// <summary>The part of the story that is being told.</summary>
    public string Chapter { get; set; } = "";

    /// <summary>What happened until now.</summary>
    public IReadOnlyList<TimelineEntry> Timeline => _timeline;

    /// <summary>What had to be so until now.</summary>
    public IReadOnlyList<Expectation> Expectations => _expectations;

    /// <summary>Notes a transaction, with the time of its block.</summary>
    public async Task AddAsync(
        StoryChain chain,
        string actor,
        string text,
        TransactionReceipt receipt,
        BigInteger? wei = null,
        EntryKind kind = EntryKind.Event,
        string? detail = null)
    {
        EthereumNode node = chain == StoryChain.L2 ? arena.L2.Node : arena.L1.Node;
        Block block = await node.GetBlockAsync(receipt.BlockNumber).ConfigureAwait(false);
        Add(new TimelineEntry
        {
            Chapter = Chapter,
            Chain = chain,
            BlockNumber = block.Number,
            TimestampSeconds = block.Timestamp,
            Actor = actor,
            Text = text,
            Kind = kind,
            Transaction = receipt.Hash,
            Gas = receipt.GasUsed,
            AmountWei = wei,
            Detail = detail,
        });
    }

    /// <summary>Notes something that is no transaction, as of a chain's newest block.</summary>
    public async Task AddAsync(
        StoryChain chain,
        string actor,
        string text,
        EntryKind kind = EntryKind.Event,
        string? detail = null)
    {
        EthereumNode node = chain == StoryChain.L2 ? arena.L2.Node : arena.L1.Node;
        Block block = await node.GetBlockAsync(BlockReference.Latest).ConfigureAwait(false);
        Add(new TimelineEntry
        {
            Chapter = Chapter,
            Chain = chain,
            BlockNumber = chain == StoryChain.None ? null : block.Number,
            TimestampSeconds = block.Timestamp,
            Actor = actor,
            Text = text,
            Kind = kind,
            Detail = detail,
        });
    }

    /// <summary>
    /// Does what a contract must refuse, and notes with which reason it did.
    /// </summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="text">What he does, up to the refusal.</param>
    /// <param name="act">Does it, and throws when it is refused.</param>
    /// <param name="expected">What the reason must contain.</param>
    public async Task RefuseAsync(string actor, string text, Func<Task> act, string expected)
    {
        string? reason = null;
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (RevertedException error)
        {
            reason = error.Reason.ToString();
        }

        await AddAsync(
            StoryChain.L1,
            actor,
            reason is null ? $"{text}: and the contract takes it" : $"{text}: refused",
            EntryKind.Refusal,
            reason).ConfigureAwait(false);
        Expect(
            $"{actor} {text}: the contract refuses",
            reason?.Contains(expected, StringComparison.Ordinal) == true,
            reason ?? "it was taken");
    }

    /// <summary>Notes something that had to be so.</summary>
    public void Expect(string text, bool held, string got = "")
    {
        Expectation expectation = new(text, held, got);
        _expectations.Add(expectation);
        view.Show(expectation);
    }

    /// <summary>Notes that two amounts had to be equal.</summary>
    public void ExpectWei(string text, BigInteger expected, BigInteger got) => Expect(
        text,
        expected == got,
        expected == got ? Wording.Ether(got) : $"{Wording.Ether(got)}, not {Wording.Ether(expected)}");

    private void Add(TimelineEntry entry)
    {
        _timeline.Add(entry);
        view.Show(entry);
    }
}
