using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Culverin.Harness.Local;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host.Blobs;

/// <summary>
/// Makes KZG commitments and proofs in a Node process of its own, by the npm package
/// <c>@crate-crypto/node-eth-kzg</c>: no package for .NET has them. The process starts with the first
/// question, is started again after a failure, and ends with this object or this program, however that ends.
/// May be used from several threads; questions are answered one after the other.
/// </summary>
public sealed class KzgProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly string Script = ReadScript();

    private readonly SemaphoreSlim _turn = new(1);
    private readonly NodePackages _packages;
    private Process? _process;

    /// <summary>Uses these packages; nothing is started yet.</summary>
    public KzgProcess(NodePackages packages)
    {
        _packages = packages;
    }

    /// <summary>A blob's commitment, 48 bytes.</summary>
    /// <exception cref="ChainException">The bytes are no blob, or the process failed.</exception>
    public async Task<byte[]> CommitAsync(
        ReadOnlyMemory<byte> blob, CancellationToken cancellation = default) =>
        Hex.Read(await AskAsync("commitment", [Text(blob)], cancellation).ConfigureAwait(false));

    /// <summary>A proof (48 bytes) of a blob's value at a point; both 32 bytes, big-endian.</summary>
    /// <exception cref="ChainException">The bytes are no blob, or the process failed.</exception>
    public async Task<(byte[] Proof, Bytes32 Value)> ProveAsync(
        ReadOnlyMemory<byte> blob, Bytes32 point, CancellationToken cancellation = default)
    {
        JsonElement answer = await AskAsync("point", [Text(blob), point.ToString()], cancellation)
            .ConfigureAwait(false);
        return answer.ValueKind == JsonValueKind.Array && answer.GetArrayLength() == 2
            ? (Hex.Read(answer[0]), new Bytes32(Hex.Read(answer[1])))
            : throw new ChainException(
                ChainFailure.BadAnswer, "The process for KZG proofs gave no proof and value.");
    }

    /// <summary>The proof of a whole blob for its commitment, 48 bytes.</summary>
    /// <exception cref="ChainException">The bytes are no blob, or the process failed.</exception>
    internal async Task<byte[]> ProveWholeAsync(Blob blob, CancellationToken cancellation = default) =>
        Hex.Read(await AskAsync("proof", [Text(blob.Content), Text(blob.Commitment)], cancellation)
            .ConfigureAwait(false));

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        Stop();
        _turn.Dispose();
    }

    private async Task<JsonElement> AskAsync(
        string method, string[] parameters, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using CancellationTokenSource limit =
                CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Deadline);
            return await ExchangeAsync(method, parameters, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or JsonException or OperationCanceledException)
        {
            Stop();
            cancellation.ThrowIfCancellationRequested();
            throw new ChainException(
                ChainFailure.NodeStart, $"The process for KZG proofs failed: {error.Message}", error);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<JsonElement> ExchangeAsync(
        string method, string[] parameters, CancellationToken cancellation)
    {
        if (_process is null or { HasExited: true })
        {
            Stop();
            _process = Start();
        }

        using MemoryStream question = new();
        await using (Utf8JsonWriter json = new(question))
        {
            json.WriteStartObject();
            json.WriteString("method", method);
            json.WriteStartArray("parameters");
            foreach (string each in parameters)
            {
                json.WriteStringValue(each);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        question.WriteByte((byte)'\n');
        Stream input = _process.StandardInput.BaseStream;
        await input.WriteAsync(question.ToArray(), cancellation).ConfigureAwait(false);
        await input.FlushAsync(cancellation).ConfigureAwait(false);
        string line = await _process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false)
            ?? throw new IOException("it ended.");
        using JsonDocument answer = JsonDocument.Parse(line);
        return answer.RootElement.TryGetProperty("error", out JsonElement fault)
            ? throw new ChainException(
                ChainFailure.Encoding, $"These bytes are no blob: {JsonText.Read(fault)}")
            : new JsonObject(answer.RootElement, "KZG answer").Get("result").Clone();
    }

    private Process Start()
    {
        ProcessStartInfo start = new("node", ["-e", Script])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["NODE_PATH"] = _packages.Folder;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new ChainException(
                ChainFailure.NodeStart,
                "Node.js, which KZG proofs of blobs need, cannot be started (node).",
                error);
        }
    }

    private void Stop()
    {
        if (_process is not { } process)
        {
            return;
        }

        _process = null;
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Hex.Format(bytes.Span);

    private static string ReadScript()
    {
        using Stream content = typeof(KzgProcess).Assembly.GetManifestResourceStream("contracts/kzg.cjs")
            ?? throw new InvalidOperationException("This build lacks the script kzg.cjs.");
        using StreamReader text = new(content);
        return text.ReadToEnd();
    }
}
