//! Settings of all layers and the provider that they lead to, put into the mailbox whenever a layer changes.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use session::config::{self, Config};
use session::driver::Mailbox;
use session::driver::{self, LenderOption, ProviderResult};
use session::{Message, Notice, Uri};

use crate::client::ClientFacts;

/// What the client contributed to the settings. Not domain state: the session gets whole settings by message.
#[derive(Clone)]
pub(crate) struct Configuration {
    layers: Arc<Mutex<ClientLayers>>,
    facts: ClientFacts,
    lender: LenderOption,
}

#[derive(Default)]
struct ClientLayers {
    options: Value,
    configuration: Value,
    roots: Vec<Uri>,
}

impl Configuration {
    /// Reads the settings for the first time. Whatever needs a process or the network comes later, by [`Configuration::connect`].
    pub(crate) fn new(
        options: Value,
        roots: Vec<Uri>,
        facts: ClientFacts,
        lender: LenderOption,
    ) -> Configuration {
        let layers = ClientLayers { options, roots, ..ClientLayers::default() };
        Configuration { layers: Arc::new(Mutex::new(layers)), facts, lender }
    }

    /// The settings as they are, with a notice for all that is left out.
    pub(crate) fn load(&self) -> (Config, Vec<Notice>) {
        let layers = self.layers.lock().unwrap_or_else(PoisonError::into_inner);
        let client = [layers.options.clone(), layers.configuration.clone()];
        let (mut config, notices) = config::load(&layers.roots, &client);
        config.client.prompt |= self.facts.prompt;
        config.client.did_update |= self.facts.did_update;
        config.client.words |= self.facts.words;
        (config, notices)
    }

    /// The client's settings changed.
    pub(crate) fn set_configuration(&self, value: Value) {
        self.layers.lock().unwrap_or_else(PoisonError::into_inner).configuration = value;
    }

    /// The workspace folders changed.
    pub(crate) fn set_roots(&self, roots: Vec<Uri>) {
        self.layers.lock().unwrap_or_else(PoisonError::into_inner).roots = roots;
    }

    /// The workspace folders.
    pub(crate) fn roots(&self) -> Vec<Uri> {
        self.layers.lock().unwrap_or_else(PoisonError::into_inner).roots.clone()
    }

    /// Reads all layers again and puts what they come to into the mailbox.
    pub(crate) fn reload(&self, mailbox: &Mailbox) {
        let (config, notices) = self.load();
        for notice in notices {
            mailbox.tell(Message::Notice(notice));
        }
        self.apply(config, mailbox);
    }

    /// Puts settings and provider into the mailbox, at once as far as they are known, the rest when it is found.
    pub(crate) fn apply(&self, config: Config, mailbox: &Mailbox) {
        if let Some(provider) = driver::provider_now(&config, &self.lender) {
            return mailbox.configure(config, provider);
        }
        let mailbox = mailbox.clone();
        tokio::spawn(async move {
            let provider: ProviderResult = driver::find_provider(&config).await;
            mailbox.configure(config, provider);
        });
    }
}
