//! Which model a request goes to, and which is asked in its place.
//!
//! Owns the way from a recipe's wish to a model of the user's settings. A model without a connection is connected first, by a
//! job; nothing is sent by that.

use edit::ProposalId;

use crate::effect::Progress;
use crate::job::Job;
use crate::notice::Notice;
use crate::provider::ProviderState;

use super::Session;
use super::effects::Purpose;
use super::proposal::{NextRequest, Phase};
use super::sending::Known;

/// Which model a request goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Route {
    /// Its name in the settings; none for the usual one.
    pub(super) model: Option<String>,
    /// How much it reasons, where a recipe says so.
    pub(super) effort: Option<model::Effort>,
    /// Who was asked for the same before, in this order.
    pub(super) passed: Vec<Passed>,
}

/// A model that could not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passed {
    /// Its name in the settings; none for the usual one.
    model: Option<String>,
    /// Who it is, and why it could not answer.
    pub(super) why: String,
}

/// An instruction as it is meant, and where it is to go.
pub(super) struct Wish {
    pub(super) instruction: String,
    /// None where the instruction says nothing of it.
    pub(super) route: Option<Route>,
}

impl Route {
    /// The name in the settings.
    pub(super) fn name(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// In whose place this one is asked, in words; none where it is the first.
    pub(super) fn instead_of(&self) -> Option<String> {
        let passed: Vec<&str> = self.passed.iter().map(|passed| passed.why.as_str()).collect();
        (!passed.is_empty()).then(|| passed.join("; "))
    }
}

impl Session {
    /// A recipe's instruction and model for `/name`, else the text itself.
    pub(super) fn wish(&self, text: &str) -> Wish {
        let as_it_is = || Wish { instruction: text.to_owned(), route: None };
        let Some(rest) = text.strip_prefix('/') else { return as_it_is() };
        let (name, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let Some(recipe) = self.config.all_recipes().into_iter().find(|recipe| recipe.name == name) else {
            return as_it_is();
        };
        let instruction = match more.trim() {
            "" => recipe.instruction,
            more => format!("{} {more}", recipe.instruction),
        };
        let route = Route { model: recipe.model, effort: recipe.effort, passed: Vec::new() };
        Wish { instruction, route: Some(route) }
    }

    /// Whether a request has to wait for its model to be connected, which is begun here. Fails where there is no such model.
    pub(super) fn is_waiting_for_model(&mut self, route: &Route) -> Result<bool, Notice> {
        let Some(name) = route.name() else { return Ok(false) };
        match self.sending.named(name) {
            Some(Known { provider: ProviderState::Ready { .. }, .. }) => Ok(false),
            Some(Known { provider: ProviderState::Missing(error), .. }) => {
                let said = error.user_message();
                Err(Notice::error(format!("the model `{name}` of your settings cannot be asked: {said}")))
            }
            None if self.sending.is_connecting(name) => Ok(true),
            None => {
                let Some(own) = self.config.models.get(name) else {
                    return Err(Notice::error(format!(
                        "nothing was sent: this is to be asked of the model `{name}`, and your settings file has no `models.{name}`. Add it there, or ask without the recipe"
                    )));
                };
                let (own, usual) = (Box::new(own.clone()), Box::new(self.config.provider.clone()));
                let connect = Job::Connect { name: name.to_owned(), own, usual };
                let job = self.effects.start(Purpose::Connect(name.to_owned()), connect);
                self.sending.connecting(name, job);
                Ok(true)
            }
        }
    }

    /// A named model can be asked, or it is known why not.
    pub(super) fn connected(&mut self, purpose: Purpose, provider: ProviderState) {
        let Purpose::Connect(name) = purpose else { return };
        self.sending.connected(name, provider);
        self.all_go_on();
    }

    /// Asks the next model of the chain in the place of one that cannot answer. Whether there is one.
    ///
    /// Only while nothing of an answer has come: a text that began is never gone on with by another model.
    pub(super) fn fall_back(&mut self, id: ProposalId, error: &model::Error) -> bool {
        let Some(why) = error.unavailable() else { return false };
        let Some(proposal) = self.proposals.get(&id) else { return false };
        let Phase::Streaming(stream) = &proposal.phase else { return false };
        if stream.has_begun || stream.n_repairs > 0 {
            return false;
        }
        let who =
            self.sending.to(stream.route.name()).identity().map_or_else(String::new, ToString::to_string);
        let request = NextRequest::new(proposal.asked.clone(), stream.kind.clone(), stream.route.clone());
        let Some(next) = self.next_model(request, &format!("{who}: {why}")) else { return false };
        let Some(proposal) = self.proposals.get_mut(&id) else { return false };
        let Phase::Streaming(stream) = &proposal.phase else { return false };
        proposal.hunks.withdraw(stream.revision);
        proposal.rounds.pop();
        self.go_on_with(id, next);
        true
    }

    /// The same request for the next model of the chain; none where the chain is at its end.
    pub(super) fn next_model(&self, request: NextRequest, why: &str) -> Option<NextRequest> {
        let NextRequest { mut route, .. } = request;
        route.passed.push(Passed { model: route.model.take(), why: why.to_owned() });
        let first = route.passed.first().and_then(|passed| passed.model.as_deref());
        let is_new = |name: &&String| route.passed.iter().all(|passed| passed.model.as_ref() != Some(*name));
        let chain = &self.config.model(first)?.fallback;
        route.model =
            Some(chain.iter().filter(|name| self.config.models.contains_key(*name)).find(is_new)?.clone());
        Some(NextRequest::new(request.instruction, request.kind, route))
    }

    /// Goes on with a request of another model. What the user allowed was meant for the one before.
    pub(super) fn go_on_with(&mut self, id: ProposalId, next: NextRequest) {
        let why = next.route.passed.last().map_or("", |passed| passed.why.as_str());
        let name = next.route.name().unwrap_or_default();
        self.effects.progress(id, Progress::Report(format!("{why}; asking `{name}` instead")));
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.phase = Phase::Waiting(next);
        }
        self.prepare(id);
    }
}
