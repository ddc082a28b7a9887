using System.Net;
using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>
/// Many calls in one HTTP request, and what to do with nodes that take fewer at once than we would send.
/// </summary>
public sealed partial class JsonRpcClient
{
    // What the node has taken so far; it only shrinks.
    private int _batchCount;

    /// <summary>
    /// Makes many calls in as few HTTP requests as the limit and the node allow and returns their answers in
    /// the same order. An error object of one call is part of its answer and throws nothing here. Questions
    /// are asked in smaller batches when the node refuses one as a whole, and again, after a wait, when it
    /// says that it is asked too often.
    /// </summary>
    public async Task<IReadOnlyList<JsonRpcAnswer>> BatchAsync(
        IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellation = default)
    {
        JsonRpcAnswer[] answers = new JsonRpcAnswer[requests.Count];
        int[] open = [.. Enumerable.Range(0, requests.Count)];
        for (int round = 0; ; round++)
        {
            await AskAsync(requests, answers, open, cancellation).ConfigureAwait(false);
            open =
            [
                .. open.Where(index =>
                    requests[index].IsReading && answers[index].Error is { IsThrottle: true }),
            ];
            if (open.Length == 0)
            {
                return answers;
            }

            _throttle.Close(round, null);
            if (round >= _options.ThrottleRetryCount)
            {
                throw Throttled(answers[open[0]].Error!.Message);
            }
        }
    }

    private async Task AskAsync(
        IReadOnlyList<JsonRpcRequest> requests,
        JsonRpcAnswer[] answers,
        int[] open,
        CancellationToken cancellation)
    {
        int start = 0;
        while (start < open.Length)
        {
            int limit = Volatile.Read(ref _batchCount);
            int[] part = open[start..Math.Min(start + limit, open.Length)];
            bool isReading = part.All(index => requests[index].IsReading);
            if (limit == 1 && limit < _options.BatchCountMax && isReading)
            {
                answers[part[0]] =
                    await AskAloneAsync(requests[part[0]], cancellation).ConfigureAwait(false);
            }
            else if (!await TryAskPartAsync(requests, answers, part, isReading, cancellation)
                .ConfigureAwait(false))
            {
                Shrink(part.Length);
                continue;
            }

            start += part.Length;
        }
    }

    // A node that takes no batch of two may take none at all, of whatever size.
    private async Task<JsonRpcAnswer> AskAloneAsync(
        JsonRpcRequest request, CancellationToken cancellation)
    {
        (JsonRpcAnswer answer, bool isOwn) =
            await CallPlainAsync(request, cancellation).ConfigureAwait(false);
        return isOwn ? answer : throw new JsonRpcException(request.Method, answer.Error!);
    }

    private void Shrink(int refused)
    {
        int before = Volatile.Read(ref _batchCount);
        while (before >= refused)
        {
            int seen = Interlocked.CompareExchange(ref _batchCount, Math.Max(1, refused / 2), before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }

    // False when the node refuses questions as a whole, but may take fewer of them. What may change a chain
    // is never sent twice.
    private async Task<bool> TryAskPartAsync(
        IReadOnlyList<JsonRpcRequest> requests,
        JsonRpcAnswer[] answers,
        int[] part,
        bool isReading,
        CancellationToken cancellation)
    {
        bool mayShrink = isReading && part.Length > 1;
        long firstId = Interlocked.Add(ref _lastId, part.Length) - part.Length + 1;
        byte[] body = Serialize(writer =>
        {
            writer.WriteStartArray();
            for (int index = 0; index < part.Length; index++)
            {
                WriteCall(writer, requests[part[index]], firstId + index);
            }

            writer.WriteEndArray();
        });
        HttpAnswer http;
        JsonElement reply;
        try
        {
            (http, reply) = await ExchangeAsync(body, isReading, cancellation).ConfigureAwait(false);
        }
        catch (ChainException error) when (mayShrink && error.Failure == ChainFailure.AnswerTooLarge)
        {
            return false;
        }

        if (mayShrink && (IsTooMuch(http) || IsRefusal(reply)))
        {
            return false;
        }

        RequireJson(http);
        ReadBatch(reply, requests, answers, part, firstId);
        return true;
    }

    private static bool IsTooMuch(HttpAnswer http) =>
        !http.IsJson
        && http.Status >= HttpStatusCode.BadRequest
        && http.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            or HttpStatusCode.NotFound);

    // One error object for all, bare or in an array, or the same for each that speaks of batches.
    private static bool IsRefusal(JsonElement reply)
    {
        if (reply.ValueKind == JsonValueKind.Object)
        {
            return HasError(reply, out _);
        }

        if (reply.ValueKind != JsonValueKind.Array || reply.GetArrayLength() == 0)
        {
            return false;
        }

        return (reply.GetArrayLength() == 1 && ReadId(reply[0]) == 0 && HasError(reply[0], out _))
            || reply.EnumerateArray().All(
                answer => HasError(answer, out JsonRpcError? error) && error!.Says("batch"));
    }

    private static bool HasError(JsonElement answer, out JsonRpcError? error)
    {
        error = answer.ValueKind == JsonValueKind.Object
            && answer.TryGetProperty("error", out JsonElement element)
            && element.ValueKind == JsonValueKind.Object
                ? JsonRpcError.Read(element)
                : null;
        return error is not null;
    }

    private void ReadBatch(
        JsonElement reply,
        IReadOnlyList<JsonRpcRequest> requests,
        JsonRpcAnswer[] answers,
        int[] part,
        long firstId)
    {
        if (reply.ValueKind == JsonValueKind.Object)
        {
            // A node may refuse the batch as a whole by one error object.
            _ = ReadAnswer(reply, "a batch", out _).Require();
        }

        if (reply.ValueKind != JsonValueKind.Array || reply.GetArrayLength() != part.Length)
        {
            throw Bad($"a batch of {part.Length} calls was not answered by as many answers");
        }

        bool[] isAnswered = new bool[part.Length];
        foreach (JsonElement element in reply.EnumerateArray())
        {
            long index = ReadId(element) - firstId;
            if (index < 0 || index >= part.Length || isAnswered[index])
            {
                throw Bad("the answer to a batch carries an id that was not asked, or one id twice");
            }

            isAnswered[index] = true;
            answers[part[index]] = ReadAnswer(element, requests[part[(int)index]].Method, out _);
        }
    }
}
