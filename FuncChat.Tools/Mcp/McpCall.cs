using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>One call of a tool of an MCP server, or its retry with answers to the server's questions.</summary>
internal sealed class McpCall(McpServerSettings server, McpTool tool, IToolRun? run, TimeProvider time) : IDisposable
{
    private const int MaxMessage = 200;

    // Each report is an event of the turn, which is stored.
    private const int MaxReports = 20;
    private const int ReportsPerSecond = 2;

    private readonly CancellationTokenSource _silent = new(Timeout.InfiniteTimeSpan, time);
    private readonly CancellationTokenSource _tooLong = new(Timeout.InfiniteTimeSpan, time);
    private readonly CancellationTokenSource _asking = new();
    private readonly long _start = time.GetTimestamp();
    private int _reports;
    private McpConnection? _connection;
    private ToolQuestionException? _question;

    /// <summary>What the server's reports of progress name.</summary>
    public ProgressToken ProgressToken { get; } = new(Guid.NewGuid().ToString("N"));

    /// <param name="answers">The answers to the server's earlier questions, and the state to return with them; null for a new call.</param>
    /// <exception cref="ToolException">The call failed.</exception>
    /// <exception cref="ToolQuestionException">The server asked the person while the call ran. The next run of the tool repeats the call.</exception>
    public async Task<McpReply> RunAsync(McpConnection connection, AIFunctionArguments arguments, McpAnswers? answers, CancellationToken cancellationToken)
    {
        var parameters = new CallToolRequestParams
        {
            Name = tool.Name,
            Arguments = arguments.ToDictionary(argument => argument.Key, argument => JsonSerializer.SerializeToElement(argument.Value), StringComparer.Ordinal),
            InputResponses = answers?.Responses,
            RequestState = answers?.State,
        };
        _connection = connection;
        using var active = await connection.Calls.EnterAsync(this, cancellationToken);
        _silent.CancelAfter(server.Timeout);
        _tooLong.CancelAfter(server.MaxDuration);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silent.Token, _tooLong.Token, _asking.Token);
        CallToolResult result;
        try
        {
            // The limits hold even if the client takes its time to cancel the call.
            var (returned, failure) = await connection.UseAsync(client => CallAsync(client, parameters, either.Token), either.Token).WaitAsync(either.Token);
            failure?.Throw();
            result = McpResult.Read(returned);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception) when (_question is not null)
        {
            throw _question;
        }
        catch (UrlElicitationRequiredException required)
        {
            var reply = McpReply.RetryAfter(required.Elicitations);
            return reply with { Questions = connection.Redact(reply.Questions!.Value) };
        }
        catch (Exception failure)
        {
            throw new ToolException(
                _tooLong.IsCancellationRequested ? TooLate(server.MaxDuration, "end") : _silent.IsCancellationRequested ? TooLate(server.Timeout, "respond")
                : connection.Redact(McpErrors.Describe(server, failure)), failure);
        }

        if (_question is not null)
            throw _question;
        if (QuestionTransport.QuestionsIn(result) is { } questions)
            return questions with { Questions = questions.Questions is { } asked ? connection.Redact(asked) : null };
        var text = connection.Redact(McpResultText.Of(result, await McpImages.KeepAsync(result, run, cancellationToken)));
        return result.IsError == true ? throw new ToolException(text) : new McpReply(text, null, null);
    }

    /// <summary>
    /// Answers a question that the server asks while the call runs. If the person has not answered it yet, the call ends: no connection stays open for
    /// hours.
    /// </summary>
    /// <exception cref="McpProtocolException">The question is not supported: an error for the server.</exception>
    public ElicitResult Answer(ElicitRequestParams? asked)
    {
        if (_question is not null)
            return McpQuestion.Cancel;
        try
        {
            return McpQuestion.Ask(run, server, Redact(asked));
        }
        catch (ToolQuestionException question)
        {
            _question = question;
            _ = _asking.CancelAsync();
            return McpQuestion.Cancel;
        }
        catch (ToolException unsupported)
        {
            throw new McpProtocolException(unsupported.Message, unsupported, McpErrorCode.InvalidParams);
        }
    }

    /// <summary>Reports progress. It restarts the silence timeout.</summary>
    public void Report(ProgressNotificationValue value)
    {
        if (NoteLife())
            Report(value.Message, StepOf(value.Progress), StepOf(value.Total));
    }

    private ElicitRequestParams? Redact(ElicitRequestParams? asked) =>
        _connection?.Redact(JsonSerializer.SerializeToElement(asked, McpJsonUtilities.DefaultOptions))?.Deserialize<ElicitRequestParams>(McpJsonUtilities.DefaultOptions);

    private void ReportTask(string? status)
    {
        if (NoteLife() && status is not null)
            Report(status, null, null);
    }

    // False for a late report: the call has ended.
    private bool NoteLife()
    {
        try
        {
            _silent.CancelAfter(server.Timeout);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void Report(string? text, int? completed, int? total)
    {
        if (Interlocked.Increment(ref _reports) > MaxReports + (ReportsPerSecond * time.GetElapsedTime(_start).TotalSeconds))
        {
            Interlocked.Decrement(ref _reports);
            return;
        }

        var message = ForeignText.Clean(text is null ? null : _connection?.Redact(text), MaxMessage);
        run?.Report(message.Length > 0 ? message : "Working", completed, total);
    }

    public void Dispose()
    {
        _silent.Dispose();
        _asking.Dispose();
        _tooLong.Dispose();
    }

    // A failure after a task has begun is returned: the connection repeats what it knows as not received.
    private async ValueTask<(JsonElement Result, ExceptionDispatchInfo? Failure)> CallAsync(McpClient client, CallToolRequestParams parameters, CancellationToken cancellationToken)
    {
        parameters.Meta = new JsonObject { ["progressToken"] = ProgressToken.ToString() };
        return tool.NeedsTask
            ? await new McpTask(client, server, time, ReportTask).RunAsync(parameters, cancellationToken)
            : (await client.SendRequestAsync<CallToolRequestParams, JsonElement>(RequestMethods.ToolsCall, parameters, cancellationToken: cancellationToken), null);
    }

    // Some servers count steps, others send a fraction of 1.
    private static int? StepOf(float? value) => value is >= 0 and < int.MaxValue && float.IsInteger(value.Value) ? (int)value.Value : null;

    private string TooLate(TimeSpan limit, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"The MCP server '{server.Name}' did not {what} within {limit.TotalSeconds:0} seconds.");
}
