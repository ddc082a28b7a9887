using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>Questions about log entries, of which many nodes answer only a part at once.</summary>
public sealed partial class EthereumNode
{
    // A node that does not answer in time may have been asked for too much, but not any number of times.
    private const int LateAnswerCountMax = 3;

    /// <summary>
    /// The log entries that match, in the order of the chain. A node that refuses the whole range is asked
    /// for parts of it.
    /// </summary>
    public async Task<IReadOnlyList<LogEntry>> GetLogsAsync(
        LogFilter filter, CancellationToken cancellation = default)
    {
        List<LogEntry> all = [];
        await foreach (IReadOnlyList<LogEntry> part in StreamLogsAsync(filter, cancellation)
            .ConfigureAwait(false))
        {
            all.AddRange(part);
        }

        return all;
    }

    /// <summary>
    /// The same part by part, for callers that may stop early. Throws <see cref="ChainException"/> when the
    /// node refuses even the entries of a single block.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<LogEntry>> StreamLogsAsync(
        LogFilter filter, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        (IReadOnlyList<LogEntry>? logs, ChainException? refusal) =
            await TryGetLogsAsync(filter, cancellation).ConfigureAwait(false);
        if (logs is not null)
        {
            yield return logs;
            yield break;
        }

        ulong next = await NumberOfAsync(filter.From, cancellation).ConfigureAwait(false);
        ulong last = await NumberOfAsync(filter.To, cancellation).ConfigureAwait(false);
        if (next > last)
        {
            ExceptionDispatchInfo.Throw(refusal!);
        }

        LogRangeSize size = new((last - next + 1) / 2);
        int lateCount = 0;
        while (next <= last)
        {
            ulong end = last - next < size.BlockCount ? last : next + size.BlockCount - 1;
            (logs, refusal) = await TryGetLogsAsync(filter with { From = next, To = end }, cancellation)
                .ConfigureAwait(false);
            if (logs is not null)
            {
                yield return logs;
                size.Answered();
                next = end + 1;
                continue;
            }

            lateCount += refusal!.Failure == ChainFailure.Deadline ? 1 : 0;
            if (!size.TryShrink() || lateCount >= LateAnswerCountMax)
            {
                ExceptionDispatchInfo.Throw(refusal);
            }
        }
    }

    // The entries, or why the node may answer when it is asked for less.
    private async Task<(IReadOnlyList<LogEntry>? Logs, ChainException? Refusal)> TryGetLogsAsync(
        LogFilter filter, CancellationToken cancellation)
    {
        try
        {
            JsonRpcRequest request = new("eth_getLogs", filter.Write);
            JsonElement list = await Rpc.CallAsync(request, cancellation).ConfigureAwait(false);
            return list.ValueKind == JsonValueKind.Array
                ? ([.. list.EnumerateArray().Select(LogEntry.Read)], null)
                : throw new ChainException(
                    ChainFailure.BadAnswer, "eth_getLogs was not answered by an array.");
        }
        catch (ChainException error) when (IsTooMuch(error))
        {
            return (null, error);
        }
    }

    private static bool IsTooMuch(ChainException error) => error switch
    {
        JsonRpcException refused => !refused.Error.IsMethodMissing,
        _ => error.Failure
            is ChainFailure.AnswerTooLarge or ChainFailure.Deadline or ChainFailure.BadAnswer,
    };

    private async Task<ulong> NumberOfAsync(BlockReference reference, CancellationToken cancellation) =>
        reference.AsNumber
            ?? (reference == BlockReference.Latest
                ? await GetBlockNumberAsync(cancellation).ConfigureAwait(false)
                : (await GetBlockAsync(reference, cancellation).ConfigureAwait(false)).Number);
}
