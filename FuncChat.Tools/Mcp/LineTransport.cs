using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Messages on two streams, each on a line of its own. A line that is no message is ignored, but one with the id of a call is an error of the call, which the
/// SDK's own transport lets wait for its time-out.
/// </summary>
internal sealed class LineTransport : TransportBase
{
    private const char ByteOrderMark = '\uFEFF';

    // A line of a server's log may be JSON with an id, too.
    private static readonly string[] ResponseFields = ["jsonrpc", "result", "error"];

    private readonly Stream _input;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();

    /// <param name="input">The input of the server.</param>
    /// <param name="output">The output of the server.</param>
    public LineTransport(string name, Stream input, Stream output) : base(name, loggerFactory: null)
    {
        _input = input;
        SetConnected();
        _ = Task.Run(() => ReadAsync(output, _disposed.Token));
    }

    /// <exception cref="IOException">The server no longer reads.</exception>
    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions), (byte)'\n'];
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _input.WriteAsync(line, cancellationToken);
            await _input.FlushAsync(cancellationToken);
        }
        catch (ObjectDisposedException closed)
        {
            throw new IOException("The input is closed.", closed);
        }
        finally
        {
            _sending.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        SetDisconnected();
    }

    private async Task ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        try
        {
            // Left open: a process whose output is closed may exit before it is ended, and its children would no longer be found.
            using var reader = new StreamReader(output, Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                foreach (var message in ParseAll(line.AsSpan().Trim().TrimStart(ByteOrderMark)))
                    await WriteMessageAsync(message, cancellationToken);
            }

            SetDisconnected();
        }
        catch (OperationCanceledException)
        {
            SetDisconnected();
        }
        catch (Exception failure)
        {
            SetDisconnected(failure);
        }
    }

    // In the version of 2025-03-26, a line may have several messages in an array.
    private static List<JsonRpcMessage> ParseAll(ReadOnlySpan<char> line)
    {
        if (line is not ['[', ..])
            return Parse(line) is { } message ? [message] : [];
        try
        {
            return [.. JsonElement.Parse(line).EnumerateArray().Select(element => Parse(element.GetRawText())).OfType<JsonRpcMessage>()];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static JsonRpcMessage? Parse(ReadOnlySpan<char> line)
    {
        try
        {
            return line.IsEmpty ? null : JsonSerializer.Deserialize<JsonRpcMessage>(line, McpJsonUtilities.DefaultOptions);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return ErrorOf(line);
        }
    }

    private static JsonRpcError? ErrorOf(ReadOnlySpan<char> response)
    {
        try
        {
            var root = JsonElement.Parse(response);
            if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("method", out _) || !root.TryGetProperty("id", out var id)
                || id.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) || !Array.Exists(ResponseFields, field => root.TryGetProperty(field, out _)))
                return null;
            return new JsonRpcError
            {
                Id = id.Deserialize<RequestId>(McpJsonUtilities.DefaultOptions),
                Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InternalError, Message = "The response is not valid." },
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
