using System.Globalization;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>One call of a tool of an MCP server.</summary>
internal sealed class McpCall(McpServerSettings server, string tool, IToolRun? run, TimeProvider time) : IProgress<ProgressNotificationValue>, IDisposable
{
    private const int MaxMessage = 200;

    private readonly CancellationTokenSource _silent = new(server.Timeout, time);
    private readonly CancellationTokenSource _tooLong = new(server.MaxDuration, time);

    /// <exception cref="ToolException">The call failed.</exception>
    public async Task<string> RunAsync(McpConnection connection, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silent.Token, _tooLong.Token);
        CallToolResult result;
        try
        {
            var given = arguments.ToDictionary(argument => argument.Key, argument => argument.Value, StringComparer.Ordinal);
            result = await connection.UseAsync(client => client.CallToolAsync(tool, given, this, options: null, either.Token), either.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception failure)
        {
            throw new ToolException(
                _tooLong.IsCancellationRequested ? TooLate(server.MaxDuration, "end") : _silent.IsCancellationRequested ? TooLate(server.Timeout, "respond")
                : McpErrors.Describe(server.Name, failure), failure);
        }

        var text = McpResultText.Of(result);
        return result.IsError == true ? throw new ToolException(text) : text;
    }

    /// <summary>The server reports progress: it has its time again.</summary>
    public void Report(ProgressNotificationValue value)
    {
        try
        {
            _silent.CancelAfter(server.Timeout);
        }
        catch (ObjectDisposedException)
        {
            // A late report of a call that has ended.
            return;
        }

        var message = ForeignText.Clean(value.Message, MaxMessage);
        run?.Report(message.Length > 0 ? message : "Working", StepOf(value.Progress), StepOf(value.Total));
    }

    public void Dispose()
    {
        _silent.Dispose();
        _tooLong.Dispose();
    }

    // Servers count steps, or parts of 1.
    private static int? StepOf(float? value) => value is >= 0 and < int.MaxValue && float.IsInteger(value.Value) ? (int)value.Value : null;

    private string TooLate(TimeSpan limit, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"The MCP server '{server.Name}' did not {what} within {limit.TotalSeconds:0} seconds.");
}
