using System.Diagnostics;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools;

namespace FuncChat.Engine.Telemetry;

/// <summary>One model call's span, `chat {model}`, and its figures. Begins when it is made; ends once, in one of its two ways.</summary>
internal sealed class ModelCallTelemetry
{
    private const string Chat = "chat";

    // Metrics keep a series for each name for as long as the process runs, so a name that a caller or a provider makes up is none of its labels.
    private const string OtherModel = "_OTHER";

    // A provider may call its model anything.
    private const int MaxModelName = 128;

    private readonly EngineTelemetry _telemetry;
    private readonly ResolvedModel _model;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Activity? _span;
    private double? _firstChunkSeconds;
    private ModelUsage? _usage;
    private string? _responseModel;

    public ModelCallTelemetry(EngineTelemetry telemetry, ResolvedModel model, ModelRequest request, TimeProvider time)
    {
        _telemetry = telemetry;
        _model = model;
        _time = time;
        _started = time.GetTimestamp();
        if (EngineTelemetry.Spans.HasListeners())
            _span = StartSpan(request);
    }

    /// <summary>Records the answer's figures, whether it is complete or not.</summary>
    public void Observe(double? firstTokenMs, ModelUsage? usage, string? responseModel)
    {
        _firstChunkSeconds = firstTokenMs / 1000;
        _usage = usage;
        _responseModel = responseModel is null ? null : TextCut.Start(responseModel, MaxModelName);
    }

    /// <summary>The answer is whole.</summary>
    /// <param name="message">Makes the assistant's message, where content is captured.</param>
    public void Succeed(string finishReason, Func<ReadOnlyMemory<byte>> message)
    {
        if (_span is { IsAllDataRequested: true })
        {
            _span.SetTag(GenAi.FinishReasons, new[] { finishReason });
            if (_telemetry.CapturesContent)
                _span.SetTag(GenAi.OutputMessages, MessageContent.Of([message()]));
        }

        End(null);
    }

    public void Fail(Exception failure) => End(ErrorNames.Of(failure));

    // Names of Azure OpenAI accounts and of settings can be anything.
    private string Provider =>
        _model.Address is { } address && address.IdnHost.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase) ? "azure.ai.openai" : _model.Provider;

    private Activity? StartSpan(ModelRequest request)
    {
        var turnId = Activity.Current?.GetTagItem(GenAi.TurnId);
        var span = EngineTelemetry.Spans.StartActivity($"{Chat} {_model.Name}", ActivityKind.Client, parentContext: default, CommonTags(_model.Name));
        if (span is not { IsAllDataRequested: true })
            return span;
        span.SetTag(GenAi.TurnId, turnId).SetTag(GenAi.Streams, true)
            .SetTag(GenAi.Temperature, request.Sampling.Temperature).SetTag(GenAi.MaxTokens, request.Sampling.MaxTokens)
            .SetTag(GenAi.TopP, request.Sampling.TopP).SetTag(GenAi.FrequencyPenalty, request.Sampling.FrequencyPenalty)
            .SetTag(GenAi.PresencePenalty, request.Sampling.PresencePenalty);
        if (_telemetry.CapturesContent)
            span.SetTag(GenAi.InputMessages, MessageContent.Of(request.Messages));
        return span;
    }

    private void End(string? error)
    {
        Measure(error);
        if (_span is null)
            return;
        if (_span.IsAllDataRequested)
        {
            _span.SetTag(GenAi.ResponseModel, _responseModel).SetTag(GenAi.TimeToFirstChunk, _firstChunkSeconds)
                .SetTag(GenAi.InputTokens, _usage?.InputTokens).SetTag(GenAi.CachedInputTokens, _usage?.CachedInputTokens)
                .SetTag(GenAi.OutputTokens, _usage?.OutputTokens).SetTag(GenAi.ReasoningTokens, _usage?.ReasoningTokens);
        }

        if (error is not null)
            _span.SetTag(GenAi.ErrorType, error).SetStatus(ActivityStatusCode.Error);
        _span.Dispose();
    }

    private void Measure(string? error)
    {
        var instruments = _telemetry.Instruments;
        if (!instruments.ModelCallDuration.Enabled && !instruments.TimeToFirstChunk.Enabled && !instruments.TokenUsage.Enabled)
            return;
        var tags = new TagList();
        foreach (var tag in CommonTags(_model.IsListed ? _model.Name : OtherModel))
            tags.Add(tag);
        if (_model.IsListed && _responseModel is not null && instruments.ResponseModels.Accepts(_responseModel))
            tags.Add(GenAi.ResponseModel, _responseModel);
        if (_firstChunkSeconds is { } first)
            instruments.TimeToFirstChunk.Record(first, tags);
        if (_usage is { } usage)
        {
            instruments.TokenUsage.Record(usage.InputTokens, [.. tags, new(GenAi.TokenType, "input")]);
            instruments.TokenUsage.Record(usage.OutputTokens, [.. tags, new(GenAi.TokenType, "output")]);
        }

        if (error is not null)
            tags.Add(GenAi.ErrorType, error);
        instruments.ModelCallDuration.Record(_time.GetElapsedTime(_started).TotalSeconds, tags);
    }

    private IEnumerable<KeyValuePair<string, object?>> CommonTags(string model)
    {
        yield return new(GenAi.Operation, Chat);
        yield return new(GenAi.Provider, Provider);
        yield return new(GenAi.RequestModel, model);
        if (_model.Address is not { } address)
            yield break;
        yield return new(GenAi.ServerAddress, address.IdnHost);
        yield return new(GenAi.ServerPort, address.Port);
    }
}
