using FuncChat.Tests.Support;
using FuncChat.Web.Telemetry;

namespace FuncChat.Tests.Web.Telemetry;

public sealed class TelemetrySettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost", "http://localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://localhost:4317", "http://localhost:4317")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "nonsense", "InstrumentationKey=")]
    [InlineData("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "perhaps", "Example: false")]
    public async Task Server_says_what_is_wrong_and_what_is_right_when_a_setting_can_not_be(string name, string value, string good)
    {
        var start = await LocalStart.TryAsync(_folder.Path, "http://127.0.0.1:0", (name, value));

        Assert.Equal(1, start.ExitCode);
        var error = Assert.Single(start.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"Error in a setting: {name} must be ", error, StringComparison.Ordinal);
        Assert.Contains(good, error, StringComparison.Ordinal);
        Assert.DoesNotContain(value, error.Replace(good, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(" ", "", false)]
    [InlineData("http://localhost:4317", null, true)]
    [InlineData(null, "InstrumentationKey=0", true)]
    public void Telemetry_is_on_when_there_is_somewhere_to_send_it(string? otlp, string? azure, bool isOn) =>
        Assert.Equal(isOn, TelemetrySettings.Of(new Microsoft.Extensions.Configuration.ConfigurationManager
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp,
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = azure,
        }).IsOn);

    // What is loaded costs time at start.
    [LinuxFact]
    public async Task Server_loads_nothing_of_OpenTelemetry_when_nothing_is_sent()
    {
        await using var quiet = await LocalProcess.StartAsync(_folder.Path);
        await using var telling = await LocalProcess.StartAsync(_folder.Path, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));

        Assert.Contains("OpenTelemetry", telling.LoadedFiles(), StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", quiet.LoadedFiles(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
