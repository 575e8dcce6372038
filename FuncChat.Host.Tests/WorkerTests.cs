using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using FuncChat.Engine.Turns;
using FuncChat.Web;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Host.Tests;

public sealed class WorkerTests
{
    // Every function app has an account. Nothing is asked of it here.
    private const string Storage = "--AzureWebJobsStorage=UseDevelopmentStorage=true";

    [Fact]
    public async Task Worker_has_all_that_its_functions_need()
    {
        using var app = await Worker.BuildAsync([Storage]);
        await using var scope = app.Services.CreateAsyncScope();
        var functions = typeof(Worker).Assembly.GetTypes().Where(type => !type.IsAbstract && type.GetMethods().Any(IsFunction)).ToList();

        Assert.NotEmpty(functions);
        Assert.All(functions, type => ActivatorUtilities.CreateInstance(scope.ServiceProvider, type));
    }

    [Fact]
    public async Task Worker_hands_its_turns_over_before_the_host_kills_it()
    {
        using var app = await Worker.BuildAsync([Storage]);
        using var configured = await Worker.BuildAsync([Storage, "--FuncChat:Turns:ShutdownGrace=00:00:04"]);

        Assert.Equal(TimeSpan.FromSeconds(2), app.Services.GetRequiredService<IOptions<TurnOptions>>().Value.ShutdownGrace);
        Assert.Equal(TimeSpan.FromSeconds(4), configured.Services.GetRequiredService<IOptions<TurnOptions>>().Value.ShutdownGrace);
    }

    [Fact]
    public async Task Worker_continues_on_the_thread_that_received()
    {
        using var app = await Worker.BuildAsync([Storage]);

        Assert.True(app.Services.GetRequiredService<IOptions<SocketTransportOptions>>().Value.UnsafePreferInlineScheduling);
    }

    [Fact]
    public async Task Worker_ends_a_silent_response_before_the_platform_cuts_it()
    {
        using var app = await Worker.BuildAsync([Storage]);
        using var configured = await Worker.BuildAsync([Storage, "--FuncChat:Requests:MaxSilence=60"]);

        Assert.Equal(TimeSpan.FromSeconds(210), app.Services.GetRequiredService<IOptions<HttpApiOptions>>().Value.MaxSilence);
        Assert.Equal(TimeSpan.FromSeconds(60), configured.Services.GetRequiredService<IOptions<HttpApiOptions>>().Value.MaxSilence);
    }

    [Fact]
    public async Task Worker_says_which_setting_is_wrong()
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => Worker.BuildAsync([Storage, "--MAX_TOOL_ITERATIONS=many"]));

        Assert.Contains(wrong.Failures, failure => failure.Contains("MAX_TOOL_ITERATIONS", StringComparison.Ordinal));
    }

    // The host starts another worker unless this one exited with 0.
    [Fact]
    public async Task Worker_that_is_terminated_alone_is_replaced()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var start = new ProcessStartInfo("dotnet", [typeof(Worker).Assembly.Location, "--functions-uri", $"http://{host.LocalEndpoint}", "--functions-worker-id", "worker", "--functions-request-id", "request", Storage])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var worker = Process.Start(start)!;
        try
        {
            using var connection = await host.AcceptTcpClientAsync();

            using var kill = Process.Start("kill", ["-TERM", $"{worker.Id}"]);
            var errors = await worker.StandardError.ReadToEndAsync();
            await worker.WaitForExitAsync();

            Assert.Equal((143, ""), (worker.ExitCode, errors));
        }
        finally
        {
            worker.Kill();
        }
    }

    private static bool IsFunction(MethodInfo method) => method.IsDefined(typeof(FunctionAttribute));
}
