using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Rpc.Transport;

namespace Culverin.Harness.Tests.Host;

/// <summary>A node that answers for a real one, and does wrong for its first so many requests.</summary>
internal sealed partial class FaultyNode : IDisposable
{
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(1);

    private readonly HttpClient _real = new();
    private readonly Uri _endpoint;
    private readonly string _fault;
    private readonly ScriptedServer _server;
    private readonly JsonRpcClient _rpc;
    private int _faultsLeft;
    private int _requestCount;

    internal FaultyNode(Uri endpoint, string fault, int faultCount)
    {
        _endpoint = endpoint;
        _fault = fault;
        _faultsLeft = faultCount;
        _server = new ScriptedServer(AnswerAsync);

        // Only a stalled node has to be given up soon; a busy machine may be slow without any fault.
        JsonRpcOptions options = fault == "stall" ? new() { Deadline = StallTime } : new();
        _rpc = new JsonRpcClient(_server.Endpoint, options);
        Node = new EthereumNode(_rpc);
    }

    internal EthereumNode Node { get; }

    /// <summary>The same for the methods of a rollup's node.</summary>
    internal RollupNode Rollup => new(_rpc);

    /// <summary>How many requests it answers rightly before it does wrong.</summary>
    internal int FirstFault { get; init; }

    /// <summary>What an old head is: the number of a block, in hexadecimal.</summary>
    internal string OldHead { get; init; } = "0x1";

    /// <summary>Is called with the number of each request before it is answered.</summary>
    internal Action<int>? OnRequest { get; set; }

    /// <summary>How often it did wrong.</summary>
    internal int FaultCount { get; private set; }

    /// <summary>From now on it answers rightly.</summary>
    internal void Heal() => Volatile.Write(ref _faultsLeft, 0);

    public void Dispose()
    {
        Node.Dispose();
        _rpc.Dispose();
        _server.Dispose();
        _real.Dispose();
    }

    private async Task AnswerAsync(string body, NetworkStream stream)
    {
        string question = body;
        int number = Interlocked.Increment(ref _requestCount);
        OnRequest?.Invoke(number);
        bool isFault = number > FirstFault
            && Applies(body)
            && Interlocked.Decrement(ref _faultsLeft) >= 0;
        FaultCount += isFault ? 1 : 0;
        switch (isFault ? _fault : "")
        {
            case "stall":
                await Task.Delay(StallTime * 2);
                return;
            case "drop":
                return;
            case "lose answer":
                _ = await AskAsync(body);
                return;
            case "old head":
                question = body.Replace("\"latest\"", $"\"{OldHead}\"", StringComparison.Ordinal);
                break;
            case "garbage":
                await ScriptedServer.WriteAsync(stream, "<html>Bad gateway</html>", "502 Bad Gateway");
                return;
            case "refuse":
                await ScriptedServer.WriteAsync(stream, """{"error":{"code":-32005,"message":"limit"}}""");
                return;
            case "forget":
                string id = Id().Match(body).Groups[1].Value;
                string nothing = $$"""{"id":{{id}},"result":null}""";
                await ScriptedServer.WriteAsync(stream, body.StartsWith('[') ? $"[{nothing}]" : nothing);
                return;
            case "forget all":
                string all = string.Join(
                    ',',
                    Id().Matches(body).Select(each => $$"""{"id":{{each.Groups[1]}},"result":null}"""));
                await ScriptedServer.WriteAsync(stream, body.StartsWith('[') ? $"[{all}]" : all);
                return;
            case "no debug" or "no database":
                string unknown = Id().Match(body).Groups[1].Value;
                await ScriptedServer.WriteAsync(
                    stream, $$"""{"error":{"code":-32601,"message":"no such method"},"id":{{unknown}} }""");
                return;
            case "other block":
                // Another real block under the hash that was asked for.
                string hash = await GenesisHashAsync();
                question = Word().Replace(body, hash, 1);
                break;
            default:
                break;
        }

        string answer = await AskAsync(question);
        await ScriptedServer.WriteAsync(stream, isFault ? Change(answer) : answer);
    }

    private bool Applies(string body) => _fault switch
    {
        "other block" or "forget" => body.Contains("eth_getBlockByHash", StringComparison.Ordinal),
        "change header" => body.Contains("eth_getBlockByHash", StringComparison.Ordinal),
        "change transaction" => body.Contains("eth_getRawTransactionByHash", StringComparison.Ordinal),
        "lose transaction" =>
            body.Contains("eth_getBlockByHash", StringComparison.Ordinal)
            && body.Contains("true", StringComparison.Ordinal),
        "change proof" => body.Contains("eth_getProof", StringComparison.Ordinal),
        "no debug" or "change debug" => body.Contains("debug_", StringComparison.Ordinal),
        "no database" => body.Contains("debug_dbGet", StringComparison.Ordinal),
        "change receipt" or "lose receipt" =>
            body.Contains("eth_getBlockReceipts", StringComparison.Ordinal),
        "lose log" or "change log" => body.Contains("eth_getLogs", StringComparison.Ordinal),
        "change claim" or "change due claim" or "other version" =>
            body.Contains("eth_call", StringComparison.Ordinal),
        "old head" or "change numbered header" =>
            body.Contains("eth_getBlockByNumber", StringComparison.Ordinal),
        _ => true,
    };

    private string Change(string answer) => _fault switch
    {
        "change header" or "change numbered header" =>
            GasUsed().Replace(answer, "\"gasUsed\":\"0x1234567\"", 1),
        "change transaction" => answer.Replace("\"result\":\"0x02f", "\"result\":\"0x02e"),
        "lose log" => LogList().Replace(answer, "\"result\":[]"),
        "change log" => LogData().Replace(answer, match => match.Value == "0" ? "1" : "0", 1),
        "lose transaction" => Transactions().Replace(answer, "\"transactions\":[]"),
        "other version" => answer.Replace("312e322e30", "312e332e30", StringComparison.Ordinal),
        "change claim" or "change due claim" =>
            ClaimValue().Replace(answer, match => match.Value == "0" ? "1" : "0", 1),
        "change debug" => LongData().Replace(
            answer, match => match.Value[..^1] + (match.Value[^1] == '1' ? "2" : "1")),
        "change receipt" => answer.Replace("\"status\":\"0x1\"", "\"status\":\"0x0\""),
        "lose receipt" => LogList().Replace(answer, "\"result\":[]"),
        "change proof" => ProofNode().Replace(answer, match => match.Value[..^1] + "1", 1),
        _ => answer,
    };

    private async Task<string> GenesisHashAsync()
    {
        string block = await AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0x0",false]}""");
        return BlockHash().Match(block).Groups[1].Value;
    }

    private async Task<string> AskAsync(string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _real.PostAsync(_endpoint, content);
        return await answer.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("\"id\":([0-9]+)")]
    private static partial Regex Id();

    [GeneratedRegex("0x[0-9a-f]{64}")]
    private static partial Regex Word();

    [GeneratedRegex("\"hash\":\"(0x[0-9a-f]{64})\"")]
    private static partial Regex BlockHash();

    [GeneratedRegex("\"gasUsed\":\"0x[0-9a-f]+\"")]
    private static partial Regex GasUsed();

    [GeneratedRegex("\"transactions\":\\[.*\\](?=,\"withdrawals\")")]
    private static partial Regex Transactions();

    [GeneratedRegex("\"result\":\\[.*\\](?=\\})")]
    private static partial Regex LogList();

    // A digit far behind the arguments' head.
    [GeneratedRegex("(?<=\"data\":\"0x[0-9a-f]{2000})[0-9a-f]")]
    private static partial Regex LogData();

    // The last digit of the fifth of a claim's seven words.
    [GeneratedRegex("(?<=\"0x[0-9a-f]{319})[0-9a-f](?=[0-9a-f]{128}\")")]
    private static partial Regex ClaimValue();

    // Trie nodes and code, longer than a hash.
    [GeneratedRegex("0x[0-9a-f]{66,}")]
    private static partial Regex LongData();

    [GeneratedRegex("(?<=\"accountProof\":\\[\")0x[0-9a-f]+")]
    private static partial Regex ProofNode();
}
