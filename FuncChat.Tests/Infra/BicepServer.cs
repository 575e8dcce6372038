using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Infra;

/// <summary>One Bicep CLI that answers every request over JSON-RPC: a CLI of its own for each spends four fifths of the processor time to start.</summary>
internal sealed class BicepServer
{
    private static readonly Lazy<BicepServer> Started = new(() => new BicepServer());

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Stream _requests;
    private readonly Stream _responses;
    private int _lastId;

    private BicepServer()
    {
        // It ends with its standard input, so with the tests.
        var process = Process.Start(new ProcessStartInfo(BicepCli.Program, ["jsonrpc", "--stdio"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        (_requests, _responses) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
    }

    /// <returns>The result. An error is an exception with the server's message.</returns>
    public static async Task<JsonNode> RequestAsync(string method, JsonObject parameters)
    {
        var server = Started.Value;
        await server._gate.WaitAsync();
        try
        {
            var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++server._lastId, ["method"] = method, ["params"] = new JsonArray(parameters) };
            await server.WriteAsync(request);
            var response = await server.ReadAsync();
            return response["error"] is { } error ? throw new InvalidOperationException(error.ToJsonString()) : response["result"]!;
        }
        finally
        {
            server._gate.Release();
        }
    }

    private async Task WriteAsync(JsonObject message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        await _requests.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n")), .. body]);
        await _requests.FlushAsync();
    }

    private async Task<JsonNode> ReadAsync()
    {
        var length = 0;
        while (await ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header["Content-Length:".Length..], CultureInfo.InvariantCulture);
        }

        var body = new byte[length];
        await _responses.ReadExactlyAsync(body);
        return JsonNode.Parse(body)!;
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (true)
        {
            await _responses.ReadExactlyAsync(next);
            if (next[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)next[0]);
        }
    }
}
