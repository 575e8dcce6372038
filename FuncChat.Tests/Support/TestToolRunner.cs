using System.Diagnostics.Metrics;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tools;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Support;

/// <summary>Runs tools in this process, without an engine: for users that are not known, whose images and files are not kept.</summary>
internal static class TestToolRunner
{
    /// <summary>Telemetry that nothing listens to.</summary>
    public static EngineTelemetry Telemetry { get; } = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static InProcessToolRunner InProcess(IEnumerable<Tool> tools, ModelCatalog models, IToolRunStore store, TimeProvider time) => new(
        new ToolCatalog(tools), models, store, UnlimitedTokens.Meter, time, NullLogger<InProcessToolRunner>.Instance, Telemetry, files: null!,
        new KnownSecrets(new ConfigurationBuilder().Build()));
}
