namespace FuncChat.Engine.Telemetry;

/// <summary>The setting that names an Application Insights component, as Azure's hosts do.</summary>
public static class ApplicationInsightsSetting
{
    public const string Name = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Whether a value can be a connection string. One that can't stops the start.</summary>
    public static bool IsConnectionString(string value) => value.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase);
}
