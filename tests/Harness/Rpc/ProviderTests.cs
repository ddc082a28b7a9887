using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Rpc.Transport;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Rpc;

/// <summary>
/// Nodes of providers, which answer less at once than a node of one's own, and less often.
/// </summary>
public sealed class ProviderTests
{
    private const string TooMany = """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}""";

    private static readonly JsonRpcRequest Request = JsonRpcRequest.Create("eth_chainId");

    [Theory]
    [InlineData(10_000, 200, """{"code":-32005,"message":"query returned more than 10000 results"}""")]
    [InlineData(500, 200, """{"code":-32602,"message":"block range too large"}""")]
    [InlineData(10, 400, """{"code":-32600,"message":"up to a 10 block range"}""")]
    [InlineData(1, 200, """{"code":-32000,"message":"query timeout exceeded"}""")]
    [InlineData(700, 413, "")]
    public async Task Log_entries_are_asked_for_in_ranges_that_the_node_takes(
        int limit, int status, string refusal)
    {
        const ulong Head = 2_345;
        List<(ulong From, ulong To)> taken = [];
        using ScriptedServer server = new((body, stream) => AnswerLogsAsync(body, stream, (from, to, id) =>
        {
            if (to - from >= (ulong)limit)
            {
                string error = refusal.Length == 0
                    ? "<html>"
                    : $$"""{"jsonrpc":"2.0","id":{{id}},"error":{{refusal}}}""";
                return (error, $"{status} Status");
            }

            taken.Add((from, to));
            IEnumerable<string> logs = Numbers(from, to).Where(number => number % 100 == 7).Select(Log);
            return ($$"""{"jsonrpc":"2.0","id":{{id}},"result":[{{string.Join(",", logs)}}]}""", "200 OK");
        }, Head));
        using JsonRpcClient rpc = new(server.Endpoint);
        using EthereumNode node = new(rpc);
        IReadOnlyList<LogEntry> found = await node.GetLogsAsync(new LogFilter { From = 3ul });
        Assert.Equal(
            Numbers(3, Head).Where(number => number % 100 == 7), found.Select(log => log.BlockNumber));

        // Nothing twice, nothing left out.
        ulong next = 3;
        foreach ((ulong from, ulong to) in taken)
        {
            Assert.Equal(next, from);
            next = to + 1;
        }

        Assert.Equal(Head + 1, next);
    }

    [Fact]
    public async Task A_node_that_refuses_even_one_block_ends_the_question()
    {
        using ScriptedServer server = new((body, stream) => AnswerLogsAsync(
            body,
            stream,
            (_, _, id) => (
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32000,"message":"not for you"}}""",
                "200 OK"),
            1 << 30));
        using JsonRpcClient rpc = new(server.Endpoint);
        using EthereumNode node = new(rpc);
        JsonRpcException error =
            await Assert.ThrowsAsync<JsonRpcException>(() => node.GetLogsAsync(new LogFilter()));
        Assert.Contains("not for you", error.Message, StringComparison.Ordinal);
        Assert.InRange(server.RequestCount, 30, 40);
    }

    [Fact]
    public async Task A_range_grows_again_where_the_node_takes_more()
    {
        int questions = 0;
        using ScriptedServer server = new((body, stream) => AnswerLogsAsync(body, stream, (from, to, id) =>
        {
            questions++;

            // Crowded at first, empty later.
            bool isTaken = from >= 64 || to < 64 && to - from < 4;
            return (
                isTaken
                    ? $$"""{"jsonrpc":"2.0","id":{{id}},"result":[]}"""
                    : $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32005,"message":"too many"}}""",
                "200 OK");
        }, 1 << 20));
        using JsonRpcClient rpc = new(server.Endpoint);
        using EthereumNode node = new(rpc);
        Assert.Empty(await node.GetLogsAsync(new LogFilter()));
        Assert.InRange(questions, 32, 400);
    }

    [Theory]
    [InlineData("200 OK", TooMany)]
    [InlineData("400 Bad Request", TooMany)]
    [InlineData("200 OK", "[" + TooMany + "]")]
    [InlineData("413 Payload Too Large", "<html>")]
    [InlineData("500 Internal Server Error", "")]
    public async Task A_batch_shrinks_to_what_the_node_takes(string status, string refusal)
    {
        List<int> sizes = [];
        using ScriptedServer server = new((body, stream) =>
        {
            JsonElement calls = JsonElement.Parse(body);
            sizes.Add(calls.GetArrayLength());
            return calls.GetArrayLength() > 10
                ? ScriptedServer.WriteAsync(stream, refusal, status)
                : ScriptedServer.WriteAsync(stream, AnswerBatch(calls));
        });
        using JsonRpcClient client = new(server.Endpoint);
        for (int round = 0; round < 2; round++)
        {
            IReadOnlyList<JsonRpcAnswer> answers =
                await client.BatchAsync([.. Numbers(0, 99).Select(Numbered)]);
            Assert.Equal(Numbers(0, 99), answers.Select(answer => answer.Require().GetUInt64()));
        }

        // What was learnt is kept: 100, 50, 25 and 12 are tried once.
        Assert.Equal(4, sizes.Count(size => size > 10));
        Assert.True(sizes.Where(size => size <= 10).All(size => size > 1));
    }

    [Fact]
    public async Task A_node_without_batches_is_asked_one_by_one()
    {
        using ScriptedServer server = new((body, stream) =>
        {
            JsonElement call = JsonElement.Parse(body);
            return ScriptedServer.WriteAsync(
                stream, call.ValueKind == JsonValueKind.Array ? TooMany : Answer(call));
        });
        using JsonRpcClient client = new(server.Endpoint);
        IReadOnlyList<JsonRpcAnswer> answers =
            await client.BatchAsync([.. Numbers(0, 4).Select(Numbered)]);
        Assert.Equal(Numbers(0, 4), answers.Select(answer => answer.Require().GetUInt64()));
    }

    [Fact]
    public async Task What_may_change_a_chain_is_not_sent_again_in_smaller_batches()
    {
        using ScriptedServer server = ScriptedServer.Answering("<html>", "413 Payload Too Large");
        using JsonRpcClient client = new(server.Endpoint);
        await Assert.ThrowsAsync<ChainException>(
            () => client.BatchAsync([Request, JsonRpcRequest.Create("eth_sendRawTransaction", "0x")]));
        Assert.Equal(1, server.RequestCount);
    }

    [Theory]
    [InlineData("429 Too Many Requests\r\nRetry-After: 1", "slow down", 0.9)]
    [InlineData("429 Too Many Requests", """{"error":{"code":429,"message":"x"}}""", 0)]
    [InlineData("503 Service Unavailable\r\nRetry-After: 1", "", 0.9)]
    [InlineData("200 OK", """{"id":1,"error":{"code":429,"message":"compute units"}}""", 0)]
    [InlineData("200 OK", """{"id":1,"error":{"code":-32005,"message":"Rate limit reached"}}""", 0)]
    public async Task A_node_that_is_asked_too_often_is_asked_again_later(
        string status, string body, double seconds)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int refusals = 0;
        using ScriptedServer server = new((request, stream) => refusals++ < 2
            ? ScriptedServer.WriteAsync(stream, body, status)
            : ScriptedServer.WriteAsync(stream, Answer(JsonElement.Parse(request))));
        using JsonRpcClient client = new(server.Endpoint, Quick);
        Assert.Equal(5ul, (await client.CallAsync(Numbered(5))).GetUInt64());
        Assert.Equal(3, server.RequestCount);
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(2 * seconds), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task A_node_that_always_refuses_is_given_up_with_its_words()
    {
        using ScriptedServer server = ScriptedServer.Answering("", "429 Too Many Requests");
        using JsonRpcClient client = new(server.Endpoint, Quick);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => client.CallAsync(Request));
        Assert.Equal(15, (int)error.Failure);
        Assert.Contains("429", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, server.RequestCount);
    }

    [Fact]
    public async Task A_contract_that_speaks_of_rate_limits_is_no_such_node()
    {
        using ScriptedServer server = ScriptedServer.Answering(
            """{"id":1,"error":{"code":3,"message":"execution reverted: RateLimit: rate limit hit"}}""");
        using JsonRpcClient client = new(server.Endpoint, Quick);
        await Assert.ThrowsAsync<JsonRpcException>(() => client.CallAsync(Request));
        Assert.Equal(1, server.RequestCount);
    }

    [Fact]
    public async Task Single_calls_of_a_batch_that_are_refused_for_now_are_asked_again()
    {
        int round = 0;
        using ScriptedServer server = new((body, stream) =>
        {
            bool isFirst = round++ == 0;
            IEnumerable<string> answers = JsonElement.Parse(body).EnumerateArray().Select(call =>
                isFirst && Id(call) % 2 == 0
                    ? $$$"""{"id":{{{Id(call)}}},"error":{"code":429,"message":"capacity"}}"""
                    : Answer(call));
            return ScriptedServer.WriteAsync(stream, "[" + string.Join(",", answers) + "]");
        });
        using JsonRpcClient client = new(server.Endpoint, Quick);
        IReadOnlyList<JsonRpcAnswer> answers =
            await client.BatchAsync([.. Numbers(0, 8).Select(Numbered)]);
        Assert.Equal(Numbers(0, 8), answers.Select(answer => answer.Require().GetUInt64()));
        Assert.Equal(2, server.RequestCount);
    }

    private static JsonRpcOptions Quick => new()
    {
        ThrottleRetryCount = 3,
        ThrottleDelay = TimeSpan.FromMilliseconds(1),
    };

    private static IEnumerable<ulong> Numbers(ulong first, ulong last)
    {
        for (ulong number = first; number <= last; number++)
        {
            yield return number;
        }
    }

    private static JsonRpcRequest Numbered(ulong number) =>
        new("eth_chainId", writer => writer.WriteNumberValue(number));

    private static long Id(JsonElement call) => call.GetProperty("id").GetInt64();

    // The call's own parameter.
    private static string Answer(JsonElement call) =>
        $$"""{"jsonrpc":"2.0","id":{{Id(call)}},"result":{{call.GetProperty("params")[0]}}}""";

    private static string AnswerBatch(JsonElement calls) =>
        "[" + string.Join(",", calls.EnumerateArray().Select(Answer)) + "]";

    private static string Log(ulong block)
    {
        string word = "0x" + new string('0', 64);
        string number = "0x" + block.ToString("x", CultureInfo.InvariantCulture);
        StringBuilder log = new("{");
        log.Append($"\"address\":\"0x{new string('0', 40)}\",\"topics\":[\"{word}\"],\"data\":\"0x\",");
        log.Append($"\"blockNumber\":\"{number}\",\"blockHash\":\"{word}\",");
        log.Append($"\"transactionHash\":\"{word}\",\"transactionIndex\":\"0x0\",\"logIndex\":\"0x0\"");
        return log.Append('}').ToString();
    }

    // A chain up to a head, of which only the newest block's number and log entries are asked.
    private static Task AnswerLogsAsync(
        string body,
        NetworkStream stream,
        Func<ulong, ulong, long, (string Body, string Status)> answer,
        ulong head)
    {
        JsonElement call = JsonElement.Parse(body);
        if (call.GetProperty("method").GetString() != "eth_getLogs")
        {
            string number = "0x" + head.ToString("x", CultureInfo.InvariantCulture);
            return ScriptedServer.WriteAsync(
                stream, $$"""{"jsonrpc":"2.0","id":{{Id(call)}},"result":"{{number}}"}""");
        }

        JsonElement filter = call.GetProperty("params")[0];
        string to = filter.GetProperty("toBlock").GetString()!;
        (string logs, string status) = answer(
            Number(filter.GetProperty("fromBlock").GetString()!),
            to == "latest" ? head : Number(to),
            Id(call));
        return ScriptedServer.WriteAsync(stream, logs, status);
    }

    private static ulong Number(string text) =>
        ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
